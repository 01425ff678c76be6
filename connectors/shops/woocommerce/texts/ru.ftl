woocommerce-kind = WooCommerce (вебхуки и REST)

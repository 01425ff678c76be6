woocommerce-kind = WooCommerce (webhooks and REST)

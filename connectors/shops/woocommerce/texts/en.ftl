woocommerce-kind = WooCommerce (webhooks and REST)
woocommerce-step-hook = The webhook
woocommerce-step-hook-text = In the shop open WooCommerce → Settings → Advanced → Webhooks and add webhooks with the delivery URL { $address }/hooks/woocommerce/ followed by the number of this connection, API version 3, and the secret that was shown when the connection was created.
woocommerce-step-topics = Topics
woocommerce-step-topics-text = One webhook for each topic: orders created, updated, deleted and restored; if you like also customers and products.
woocommerce-step-keys = Keys to ask the shop
woocommerce-step-keys-text = Under WooCommerce → Settings → Advanced → REST API add a key with reading and, for statuses and stock, writing rights. Give both halves and the shop's address to the connection on the command line: “takt connection secret” and “takt connection set”. With them the shop is asked every five minutes for what its webhooks did not say.

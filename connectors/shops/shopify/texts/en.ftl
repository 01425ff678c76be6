shopify-kind = Shopify (webhooks and Admin API)
shopify-data_request = A buyer asks what is known about them: the message names who. Answer within 30 days, then set the message aside.
shopify-customer_redact = A buyer is to be forgotten: the message names who, and of which orders. Do it, then set the message aside.
shopify-shop_redact = The shop removed the app two days ago: what is known only from it is to be forgotten. Do it, then set the message aside.

woocommerce-kind = WooCommerce (вебхуки и REST)
woocommerce-step-hook = Вебхук
woocommerce-step-hook-text = В магазине откройте WooCommerce → Настройки → Дополнительно → Вебхуки и добавьте вебхуки с адресом доставки { $address }/hooks/woocommerce/ и номером этого подключения в конце, версией API 3 и секретом, показанным при создании подключения.
woocommerce-step-topics = Темы
woocommerce-step-topics-text = По вебхуку на тему: заказ создан, обновлён, удалён и восстановлен; при желании ещё покупатели и товары.
woocommerce-step-keys = Ключи для вопросов магазину
woocommerce-step-keys-text = В WooCommerce → Настройки → Дополнительно → REST API добавьте ключ с правом чтения, а для статусов и остатков — и записи. Обе половины ключа и адрес магазина задайте подключению из командной строки: «takt connection secret» и «takt connection set». С ними магазин раз в пять минут спрашивают о том, чего не сказали вебхуки.

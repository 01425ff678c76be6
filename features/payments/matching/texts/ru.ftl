# Почему деньги разнесены так: пишется рядом с решением.
matching-reference_structured = Банк передал номер счёта отдельным полем: { $reference }
matching-reference_valid = В назначении номер счёта с верными контрольными цифрами: { $reference }
matching-number_named = В назначении назван номер { $number }
matching-reference_one_slip = Написано { $written } — одна опечатка от номера { $reference }
matching-invoice_reissued = Назван прежний счёт, вместо него выставлен { $invoice }
matching-payer_inn_known = ИНН плательщика { $inn } знаком
matching-payer_account_known = Счёт плательщика в банке знаком
matching-payer_name_alike = Имя плательщика похоже на имя клиента
matching-payer_full_name = В платеже стоит полное имя клиента: { $name }
matching-only_namesake_with_amount = Только у одного клиента с таким именем есть неоплаченный счёт на эту сумму
matching-number_cut = Банк обрезал текст; { $written } — начало номера { $reference }
matching-rules_looked = Что сказало каждое правило
matching-amount_is_residual = Сумма равна остатку счёта
matching-amount_is_sum = Сумма равна сумме остатков названных счетов
matching-amount_less = Сумма меньше остатка { $residual }: часть оплаты
matching-amount_more = Сумма больше остатка: { $credit } остаётся авансом клиента
matching-date_equal = Дата счёта названа верно
matching-only_open_with_amount = У плательщика только один неоплаченный счёт на эту сумму
matching-named_is_paid = Назван уже оплаченный счёт { $invoice }, похоже на старый текст
matching-stated_sum_differs = В назначении названа другая сумма, { $stated }: возможно, банк удержал комиссию
matching-payer_is_other_customer = Плательщик известен как другой клиент
matching-payer_is_transit = Деньги пришли через счёт банка, настоящий плательщик не виден

# Почему деньги не разнесены сами.
matching-reference_unknown = Номера { $reference } нет среди наших счетов: уточните у плательщика
matching-number_unknown = Номер { $number } не найден среди наших счетов и заказов
matching-number_ambiguous = Номер { $number } есть у нескольких неоплаченных счетов: выберите нужный
matching-reference_malformed_named = Похоже на номер счёта, но контрольные цифры неверны: { $reference }
matching-invoice_paid = Счёт { $invoice } уже оплачен: проверьте, не двойная ли это оплата
matching-invoice_cancelled = Счёт { $invoice } отменён: договоритесь с клиентом о возврате или новом заказе
matching-invoice_expired = Срок счёта { $invoice } истёк: проверьте цены и наличие, затем примите оплату
matching-date_differs = Дата { $date } не совпадает с датой счёта { $invoice }
matching-currency_differs = Счёт { $invoice } выставлен в другой валюте ({ $currency })
matching-two_customers = Названы счета разных клиентов
matching-other_open_with_amount = На эту же сумму есть другой неоплаченный счёт, { $invoice }: выберите, какой оплачен
matching-rest_is_other_open = Излишек равен остатку другого счёта, { $invoice }: возможно, оплачены оба
matching-too_many_to_compare = У клиента слишком много неоплаченных счетов, чтобы исключить ошибку
matching-amount_over_cap = Сумма больше предела автоматического разнесения ({ $cap })
matching-payer_watched = Плательщик в списке наблюдения
matching-looks_like_other_money = Текст похож на платёж другого рода: { $class ->
        [acquiring] эквайринг
        [own_transfer] свои деньги
        [loan] заём или кредит
        [refund] возврат нам
        [insurance] страховка
        [interest] проценты
        [budget] бюджет
        [agent_settlement] расчёты с агентом
       *[reversal] отмена платежа
    }
matching-amount_not_positive = В строке нет поступления: сумма не больше нуля
matching-evidence_too_weak = Ни номер, ни плательщик, ни сумма не указывают на один счёт

# Деньги не за счёт.
matching-kind_says = Так говорит код операции банка: { $kind }
matching-text_says = Так говорит назначение платежа: { $class ->
        [acquiring] эквайринг
        [own_transfer] свои деньги
        [loan] заём или кредит
        [refund] возврат нам
        [insurance] страховка
        [interest] проценты
        [budget] бюджет
        [agent_settlement] расчёты с агентом
       *[reversal] отмена платежа
    }
matching-counterparty_listed = Контрагент { $inn } в списке тех, кто платит не за счета
matching-payer_is_ourselves = Плательщик — мы сами
matching-line_is_reversal = Банк отменяет прежнее движение
matching-class-acquiring = Эквайринг
matching-class-own_transfer = Свои деньги
matching-class-loan = Заём или кредит
matching-class-refund = Возврат нам
matching-class-insurance = Страховая выплата
matching-class-interest = Проценты банка
matching-class-budget = Деньги из бюджета
matching-class-agent_settlement = Расчёты с перевозчиком или площадкой
matching-class-reversal = Отмена платежа

# Правила.
matching-tier-a = Номер с контрольными цифрами и точная сумма
matching-tier-b = Номер, точная сумма и плательщик или дата
matching-tier-c = Часть оплаты названного счёта
matching-tier-d = Названный счёт и переплата
matching-tier-e = Единственный счёт плательщика на эту сумму
matching-tier-f = Опечатка в номере
matching-tier-g = Старый текст, единственный подходящий счёт
matching-tier-h = Полное имя плательщика, подходит только один счёт

# Чего не хватило правилу.
matching-missing-fired = подошло
matching-missing-vetoed = подошло бы, но есть возражение
matching-missing-held = подошло бы, но, возможно, оплачен другой счёт
matching-missing-reference = ни один неоплаченный счёт не назван номером с контрольными цифрами
matching-missing-number = ни один неоплаченный счёт не назван по номеру
matching-missing-exact_sum = сумма не равна остатку названных счетов
matching-missing-payer_or_date = ни плательщик, ни дата не подтверждают номер
matching-missing-one_named = нужен ровно один названный счёт
matching-missing-less = сумма не меньше остатка
matching-missing-more = сумма не больше остатка или больше намного
matching-missing-payer = плательщик не известен как этот клиент
matching-missing-no_name = только для текстов без номера
matching-missing-payer_with_amount = у плательщика нет единственного неоплаченного счёта на эту сумму
matching-missing-slip = нет похожего номера с опечаткой
matching-missing-policy = правило не включено компанией
matching-missing-paid_named = оплаченный счёт не назван
matching-missing-full_name = ни один клиент с таким полным именем не должен эту сумму

# Отказы.
matching-prefix_malformed = Буквы «{ $given }» не подходят: нужна одна или две из А В Е К М Н О Р С Т У Х
matching-serial_out_of_range = Порядковый номер { $given } вне пределов: от 1 до { $largest }
matching-reference_malformed = «{ $given }» — не номер счёта или в нём ошибка: сверьте каждую цифру со счётом

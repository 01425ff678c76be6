payments-title = Деньги
payments-panel = Деньги
payments-files = Банковские файлы
payments-file = Файл
payments-line = Поступление
payments-company = Компания
payments-amount = Сумма
payments-payer = Плательщик
payments-party = Контрагент
payments-purpose = Назначение
payments-what-happened = Что произошло
payments-came = Получено
payments-documents = Документы
payments-voucher = Поручился
payments-upload = Загрузить выписку из банка
payments-vouch = Загрузить: ручаюсь за файл — { $name }
payments-vouch-hint = 1CClientBankExchange (kl_to_1c.txt) или camt.052, 053, 054. Деньги из файла засчитываются под вашим именем: загружайте только то, что сами получили из банка.
payments-tab-suggested = Ждут решения
payments-tab-held = Отложены
payments-tab-posted = Разнесены
payments-tab-other = Не за заказы
payments-tab-outgoing = Списания
payments-tab-duplicate = Повторы
payments-state-waiting = Обрабатывается
payments-state-posted = Разнесено
payments-state-suggested = Ждёт решения
payments-state-other = Не за заказ
payments-state-held = Отложено
payments-state-duplicate = Повтор
payments-state-outgoing = Списание
payments-empty-suggested = Всё разнесено
payments-empty-held = Отложенных нет
payments-empty-posted = Разнесённых поступлений пока нет
payments-empty-other = Других поступлений нет
payments-empty-outgoing = Списаний нет
payments-empty-duplicate = Повторов нет
payments-empty-waiting = Ничего не обрабатывается
payments-empty-text = Строки появятся здесь, когда придёт следующий файл из банка.
payments-no-files = Файлов ещё не было
payments-no-files-text = Загрузите выписку из банка: каждая её строка покажет, что с ней стало и почему.
payments-file-vouched = За файл поручился { $name }. Отпечаток { $hash }.
payments-file-warnings = Что в файле не так
payments-file-line = строка { $place }
payments-file-without-documents = В файле нет документов
payments-file-without-documents-text = В нём только остатки: ничего не изменилось.
payments-upload_cut_off = Файл дошёл не целиком, ничего не изменилось. Загрузите его ещё раз.
payments-paid = Оплачено этими деньгами
payments-order = Заказ
payments-undo = Отменить разнесение
payments-candidates = Какой счёт оплачен
payments-no-candidates = Подходящих счетов не нашлось. Найдите счёт по номеру ниже или отметьте, что деньги не за заказ.
payments-left = Не разнесено: { $left }
payments-owed-of = осталось { $owed } из { $total }
payments-accept = Разнести
payments-rest-to-credit = остаток — в аванс покупателя
payments-set-aside = Это не за заказ
payments-other-invoice = Другой счёт
payments-find-invoice = Номер счёта или заказа
payments-find-hint = Например, TX00102413 или 1001
payments-find = Найти
payments-not-found = Такого счёта нет. Проверьте номер.
payments-inn = ИНН
payments-payer-account = Счёт плательщика
payments-number = Номер документа
payments-booked = Проведено банком
payments-references = Ссылки в полях банка
payments-bank-says = Что сообщил банк
payments-evidence = Чем подтверждено
payments-evidence-vouched = За файл с отпечатком { $hash } лично поручился { $name }.
payments-evidence-signed = Подписано ключом банка { $key }.
payments-evidence-channel = Получено от банка по защищённому каналу { $channel }.
payments-evidence-two-persons = Подтверждено двумя людьми в аварийном режиме.
payments-evidence-none = Деньгами не засчитано.
payments-count-apart = Это отдельный платёж: ручаюсь
payments-was-counted-apart = Засчитано как отдельный платёж.
payments-not_unclear = Эта строка не отложена как возможный повтор.
payments-accepted = Разнесено.
payments-was-set-aside = Отмечено: не за заказ.
payments-was-undone = Разнесение отменено, деньги снова ждут решения.
payments-reference = Номер для оплаты
payments-invoice-total = Счёт на
payments-nothing-came = Денег по этому заказу ещё не было.
payments-taken-back = отменено
orders-fact-payments-expected = Выставлен счёт { $number } на { $money }
payments-accounts = Банковские счета
payments-account = Номер счёта
payments-bic = БИК
payments-bank = Банк
payments-holder = Владелец счёта
payments-currency = Валюта
payments-new-account = Добавить счёт
payments-open-account = Добавить
payments-no-accounts = Счетов ещё нет
payments-no-accounts-text = Добавьте расчётный счёт: деньгами считается только то, что пришло на него.
payments-account-opened = Счёт добавлен. Строки, которые его ждали, обрабатываются.
payments-folders = Папки, из которых забираются файлы банка
payments-folder = Папка
payments-last-look = Последний осмотр
payments-release = Больше не забирать
payments-no-folders = Папки не привязаны
payments-no-folders-text = Папку привязывает администратор сервера командой takt watch bank, от имени бухгалтера, который ручается за её файлы.
payments-folder-released = Папка отвязана.

payments-waiting = Ждёт обработки.
payments-posted = Оплачен заказ { $orders } (правило { $tier }).
payments-posted_in_part = Заказ { $orders } получил часть; не разнесено { $left }.
payments-suggested = { $candidates ->
    [one] Есть { $candidates } подходящий счёт: решает человек.
    [few] Есть { $candidates } подходящих счёта: решает человек.
   *[other] Есть { $candidates } подходящих счетов: решает человек.
}
payments-no_candidate = Ни один счёт не подходит: решает человек.
payments-undone = Разнесение отменено: решает человек.
payments-set_aside = Отмечено человеком: не за заказ.
payments-other_money = Не оплата заказа: { $class ->
    [acquiring] возмещение эквайринга
    [own_transfer] перевод между своими счетами
    [budget] деньги из бюджета
    [agent_settlement] выплата перевозчика или площадки по отчёту
    [reversal] банк отменил операцию
    [loan] заём или кредит
    [refund] возврат нам
    [insurance] страховая выплата
    [interest] проценты банка
   *[other] другое поступление
}.
payments-own_transfer = Перевод между своими счетами.
payments-outgoing = Списание: со счёта ушли деньги.
payments-duplicate = Эта операция уже есть: строка № { $line }. Второй раз не засчитана.
payments-held_other_account = Счёт { $account } не ваш или ещё не добавлен. Если он ваш, добавьте его в настройках — строка обработается сама.
payments-held_other_currency = Валюта { $currency }, а счёт ведётся в { $own }.
payments-held_reversal = Банк забирает деньги назад. Проверьте, отменять ли разнесение.
payments-held_copy = Банк пометил выписку как копию, а этой операции раньше не было. Загрузите исходную выписку.
payments-held_pending = Банк ещё не провёл операцию.
payments-held_information = Банк сообщил об операции для сведения, денег не было.
payments-held_no_amount = В операции нет суммы.
payments-held_direction_unclear = Непонятно, пришли деньги или ушли: сторона и даты говорят разное.
payments-held_maybe_duplicate = Похоже на строку № { $line }, но банк дал другой номер операции. Если это отдельный платёж, сверьте с выпиской.
payments-held_failed = Строку не удалось обработать из-за нашей ошибки ({ $code }). Деньги не засчитаны; сообщите нам.
payments-held_voucher_lost_right = Тот, кто поручился за файл, потерял право бухгалтера. Пусть файл загрузит другой.

payments-account_malformed = Номер счёта — это 20 цифр или IBAN.
payments-bic_malformed = БИК — это 9 цифр (или 8–11 знаков SWIFT).
payments-account_known = Счёт { $account } уже добавлен.
payments-file_given_up = Файл загружался слишком долго, загрузка прервана. Загрузите его ещё раз.
payments-file_empty = Файл пуст. Выберите файл, который скачали из банка.
payments-file_too_large = Файл больше { $megabytes } МБ. Выгрузите выписку за меньший срок.
payments-file_unknown = Это не выписка: читаются 1CClientBankExchange и camt.052, 053, 054.
payments-reader_panicked = Файл не удалось прочитать из-за нашей ошибки. Ничего не изменилось; сообщите нам.
payments-import_missing = Такого файла нет.
payments-line_missing = Такого поступления нет.
payments-invoice_missing = Такого счёта нет.
payments-not_waiting = Это поступление уже разнесено.
payments-nothing_chosen = Выберите счёт.
payments-more_than_left = Можно разнести не больше { $left }.
payments-more_than_owed = По счёту { $invoice } осталось только { $owed }.
payments-not_a_receipt = Эта строка не засчитана как деньги, разносить нечего.
payments-nothing_to_undo = Здесь нечего отменять.
payments-unbalanced = Проводка { $kind } не сходится ({ $source }). Ничего не записано.
payments-unwritable = Данные не удалось записать.
payments-serial = Номера счетов закончились.
payments-job_unreadable = Задание повреждено.
payments-folder_not_absolute = Укажите полный путь к папке, а не { $path }.
payments-folder_hangs = Папка не отвечает. Проверьте диск или сеть, на которых она лежит; файлы заберём, когда ответит.
payments-folder_unreadable = Папка не читается. Проверьте, что она есть и доступна программе.
payments-folder_missing = Такая папка не привязана.
check-payments-books_balance = Дебет равен кредиту в каждой проводке
check-payments-books_balance-do = Проводки изменены мимо программы. Восстановите данные из копии.
check-payments-orders_are_paid_by_allocations = Оплаты заказов равны зачётам поступлений
check-payments-orders_are_paid_by_allocations-do = Сверьте названные заказы с выпиской банка; не отгружайте их до выяснения.
check-payments-lines_pay_what_they_were_allotted = Строка выписки платит не больше, чем пришло
check-payments-lines_pay_what_they_were_allotted-do = Сверьте названные строки с выпиской банка и отмените лишние зачёты.
check-payments-allocations_are_undone_in_full = Отменённые зачёты отменены целиком
check-payments-allocations_are_undone_in_full-do = Сверьте названные зачёты с выпиской банка.
check-payments-invoices_ask_for_what_is_owed = Счета просят ровно то, что должны по заказу
check-payments-invoices_ask_for_what_is_owed-do = Откройте названные заказы: правка строки выставит верный счёт.
check-payments-movements_are_those_of_lines = У каждого движения денег есть строка выписки
check-payments-movements_are_those_of_lines-do = Строки выписок потеряны. Восстановите данные из копии или примите файл банка снова.
check-payments-files_have_all_their_lines = В принятых файлах банка есть все строки
check-payments-files_have_all_their_lines-do = Строки выписок потеряны. Восстановите данные из копии.

payments-correspondent = Корр. счёт банка
payments-correspondent-hint = 20 цифр из реквизитов банка: попадёт в счёт и в QR-код для оплаты.
payments-correspondent_malformed = Корреспондентский счёт не подходит к БИК. Перепишите его из реквизитов банка.
payments-account_missing = Такого счёта нет.
payments-kpp = КПП

payments-invoice = Счёт на оплату
payments-invoice-title = Счёт на оплату № { $number } от { $date }
payments-invoice-to-print = Счёт на оплату: открыть и напечатать
payments-invoice-replaced = Счёт заменён счётом № { $number }. Платите по новому; деньги, уже отправленные по этому, мы узнаем.
payments-invoice-withdrawn = Счёт отозван. Не платите по нему.
payments-invoice-paid = Счёт оплачен.
payments-supplier = Поставщик
payments-buyer = Покупатель
payments-basis = Основание
payments-basis-order = заказ { $number }
payments-payee-bank = Банк получателя
payments-payee = Получатель
payments-line-number = №
payments-line-name = Товар, услуга
payments-line-quantity = Кол-во
payments-line-unit = Ед.
payments-line-price = Цена
payments-line-discount = Скидка
payments-line-vat = НДС
payments-line-sum = Сумма
payments-line-delivery = Доставка
payments-total = Итого
payments-vat-inside = В том числе НДС { $rate } %
payments-without-vat = Без НДС
payments-already-paid = Оплачено
payments-due = К оплате
payments-sum-in-words = Сумма прописью
payments-purpose-ready = Назначение платежа
payments-purpose-keep = Сохраните номер { $reference } в назначении платежа: по нему мы сразу увидим ваши деньги.
payments-purpose-text = { $reference } Оплата заказа { $number }. { $vat }
payments-purpose-vat = В т.ч. НДС { $rate }% { $amount }
payments-purpose-vat-of-several = В т.ч. НДС { $amount }
payments-purpose-vat-inside = НДС в сумме
payments-purpose-without-vat = Без НДС
payments-valid-until = Счёт действителен до { $date }.
payments-sign-director = Руководитель
payments-sign-accountant = Бухгалтер
payments-print-hint = Напечатать: Ctrl+P
payments-code-label = QR-код для оплаты из приложения банка
payments-code_currency = QR-кода нет: он бывает только для рублей.
payments-code_nothing_due = QR-кода нет: платить по счёту нечего.
payments-code_no_account = QR-кода нет: добавьте расчётный счёт в валюте заказа.
payments-code_bank_unnamed = QR-кода нет: у расчётного счёта не указано название банка.
payments-code_account_wrong = QR-кода нет: счёт { $account } не подходит к БИК по контрольной цифре. Проверьте реквизиты.
payments-code_inn_wrong = QR-кода нет: в ИНН { $inn } не сходятся контрольные цифры. Проверьте реквизиты.
payments-code_unseparable = QR-кода нет: реквизиты в него не помещаются.

payments-words-ones = ноль|один|два|три|четыре|пять|шесть|семь|восемь|девять|десять|одиннадцать|двенадцать|тринадцать|четырнадцать|пятнадцать|шестнадцать|семнадцать|восемнадцать|девятнадцать
payments-words-ones-of-thousands = ноль|одна|две|три|четыре|пять|шесть|семь|восемь|девять|десять|одиннадцать|двенадцать|тринадцать|четырнадцать|пятнадцать|шестнадцать|семнадцать|восемнадцать|девятнадцать
payments-words-tens = двадцать|тридцать|сорок|пятьдесят|шестьдесят|семьдесят|восемьдесят|девяносто
payments-words-tens-and-ones = { $tens } { $ones }
payments-words-hundreds = сто|двести|триста|четыреста|пятьсот|шестьсот|семьсот|восемьсот|девятьсот
payments-words-scale-1 = { $count ->
    [one] тысяча
    [few] тысячи
   *[other] тысяч
}
payments-words-scale-2 = { $count ->
    [one] миллион
    [few] миллиона
   *[other] миллионов
}
payments-words-scale-3 = { $count ->
    [one] миллиард
    [few] миллиарда
   *[other] миллиардов
}
payments-words-scale-4 = { $count ->
    [one] триллион
    [few] триллиона
   *[other] триллионов
}
payments-words-scale-5 = { $count ->
    [one] квадриллион
    [few] квадриллиона
   *[other] квадриллионов
}
payments-words-major-RUB = { $count ->
    [one] рубль
    [few] рубля
   *[other] рублей
}
payments-words-minor-RUB = { $count ->
    [one] копейка
    [few] копейки
   *[other] копеек
}
payments-words-major-BYN = { $count ->
    [one] белорусский рубль
    [few] белорусских рубля
   *[other] белорусских рублей
}
payments-words-minor-BYN = { $count ->
    [one] копейка
    [few] копейки
   *[other] копеек
}
payments-words-major-KZT = тенге
payments-words-minor-KZT = тиын
payments-words-major-EUR = евро
payments-words-minor-EUR = { $count ->
    [one] цент
    [few] цента
   *[other] центов
}
payments-words-major-USD = { $count ->
    [one] доллар США
    [few] доллара США
   *[other] долларов США
}
payments-words-minor-USD = { $count ->
    [one] цент
    [few] цента
   *[other] центов
}

payments-buyer-panel = Оплата
payments-buyer-came = Деньги пришли
payments-buyer-on-delivery = { $sum } — при получении.
payments-i-have-paid = Я уже оплатил
payments-claim = Говорит, что оплатил
payments-claim-explained = Заказ считается оплаченным, когда деньги подтвердит банк. Сообщение поможет бухгалтеру найти платёж, если он задержался.
payments-claim-paid-on = Когда
payments-claim-words = Что ещё поможет найти платёж
payments-claim-words-hint = Например: платил со счёта жены, номер в назначении не указал.
payments-claim-send = Сообщить об оплате
payments-claim-said = Передали бухгалтеру. Как только банк подтвердит деньги, эта страница изменится сама.
payments-claim-heard = Вы сообщили об оплате { $amount } ({ $time }). Бухгалтер проверяет; банк денег ещё не подтвердил.
payments-claim-answer = Ответ бухгалтера
payments-claim_amount = Напишите сумму, которую заплатили, например 1234,50.
payments-claim_day = День пишется как 2026-11-22.
payments-claim_too_long = Не больше 500 знаков.
payments-claim_needless = По заказу ничего не нужно платить.
payments-claims_enough = Мы уже знаем, что вы платили: бухгалтер проверяет. Если срочно, попросите позвонить вам.
payments-claim_missing = Такого сообщения об оплате нет.
payments-claim_closed = Это сообщение уже разобрано.
payments-claims = Заявления об оплате
payments-claims-explained = Покупатели говорят, что заплатили. Заказ от этого не меняется: его меняют только деньги, которые провёл банк.
payments-no-claims = Никто не ждёт
payments-no-claims-text = Здесь появятся покупатели, которые говорят, что заплатили, а денег ещё нет.
payments-claims-wait = { $count ->
    [one] { $count } покупатель говорит, что оплатил: проверьте
    [few] { $count } покупателя говорят, что оплатили: проверьте
   *[other] { $count } покупателей говорят, что оплатили: проверьте
}
payments-claim-of = Заказ { $number }
payments-claim-paid = платил { $day }
payments-claim-nothing-alike = Неразобранного поступления на эту сумму пока нет.
payments-claim-alike = Поступление на эту сумму
payments-claim-answer-field = Ответ покупателю
payments-claim-answer-hint = Он увидит ответ на странице заказа. Без ответа сообщение просто закроется.
payments-claim-close = Разобрано
payments-claim-was-closed = Сообщение разобрано.
orders-fact-payments-claimed = Покупатель говорит, что оплатил { $money }
orders-fact-payments-claim-closed = Сообщение об оплате разобрано

payments-receipts = Поступления
payments-receipts-line = { $all ->
    [one] { $all } поступление
    [few] { $all } поступления
   *[other] { $all } поступлений
}: { $alone } { $alone ->
    [one] разнеслось само
   *[other] разнеслись сами
}, { $waiting ->
    [0] вас ничего не ждёт
    [one] { $waiting } ждёт вас
   *[other] { $waiting } ждут вас
}
payments-receipts-alone = сами
payments-receipts-by-people = разнесли люди
payments-receipts-waiting = ждут вас
payments-period = За какое время
payments-period-today = Сегодня
payments-period-week = 7 дней
payments-period-month = 30 дней

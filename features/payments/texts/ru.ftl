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
payments-taken-back = снято { $amount }
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
check-payments-allocations_are_undone_within_themselves = Отменено не больше, чем было зачтено
check-payments-allocations_are_undone_within_themselves-do = Сверьте названные зачёты с выпиской банка.
check-payments-invoices_ask_for_what_is_owed = Счета просят ровно то, что должны по заказу
check-payments-invoices_ask_for_what_is_owed-do = Откройте названные заказы: правка строки выставит верный счёт.
check-payments-movements_are_those_of_lines = У каждого движения денег есть строка выписки
check-payments-movements_are_those_of_lines-do = Строки выписок потеряны. Восстановите данные из копии или примите файл банка снова.
check-payments-files_have_all_their_lines = В принятых файлах банка есть все строки
check-payments-files_have_all_their_lines-do = Строки выписок потеряны. Восстановите данные из копии.
payments-source_taken = Проводка { $kind } по { $source } уже есть с другими суммами. Ничего не записано; сообщите нам.
payments-overdrawn = На { $account } нет { $amount }: столько взять нельзя. Обновите страницу и укажите меньше.
payments-no_such_account = Такого счёта учёта нет.
payments-account_missing = Такого банковского счёта нет.
payments-entity_missing = Такого юридического лица нет.
payments-entity_unnamed = Укажите наименование.
payments-inn_malformed = ИНН — это 10 или 12 цифр.
payments-kpp_malformed = КПП — это 9 цифр.
payments-other_seller = Счёт { $invoice } выставило другое ваше юридическое лицо. Переведите деньги на его счёт или верните плательщику.
payments-held_other_seller = Деньги пришли на счёт другого вашего юридического лица, а счёт на оплату выставило «{ $seller }». Переведите их или верните плательщику.
payments-refund_missing = Такого возврата нет.
payments-refund_is_elsewhere = Возврат уже в другом состоянии ({ $state }). Обновите страницу.
payments-refund_by_a_person = Возврат распоряжается только человек под своим именем.
payments-refund_needs_another = Согласиться должен другой человек, не тот, кто распорядился.
payments-refund_of_nobody = У возврата нет клиента: в аванс его не оставить.
payments-refund_other_amount = Списание не подходит: по возврату осталось { $left }, с того же юридического лица и в той же валюте.
payments-payee_unnamed = Укажите, кому возвращаем.
payments-reason_missing = Укажите причину возврата.
payments-more_than_surplus = К возврату не больше { $surplus }.
payments-not_outgoing = Эта строка — не списание, которым можно закрыть возврат.
payments-not_a_reversal = Эта строка — не отмена банком.
payments-reversal_of_another = Это поступление не подходит: счёт и сумма должны совпасть.
payments-receipt_given_back = { $amount } из этих денег уже возвращено плательщику. Разберитесь с банком, прежде чем отменять.
payments-refund_confirmed = Списание закрыло возврат { $refund }.
payments-reversal_counted = Банк забрал поступление № { $line }: долг по заказам восстановлен.
payments-receipt_reversed = Банк забрал эти деньги назад (строка № { $line }).
payments-refund_payable = К возврату покупателю
orders-fact-payments-refund-changed = Возврат { $money }: { $state ->
    [payable] к выплате
    [ordered] ждёт второго согласия
    [approved] можно отправлять
    [sent] отправлен в банк
    [closed] выплачен
    [kept] оставлен авансом
   *[other] { $state }
}
orders-fact-payments-credit-used = Из аванса клиента зачтено { $money }
check-payments-journal_is_chained = Цепочка проводок не изменена
check-payments-journal_is_chained-do = Проводки изменены мимо программы. Восстановите данные из копии.
check-payments-journal_is_sealed_or_waits = Каждая проводка в цепочке или ждёт её
check-payments-journal_is_sealed_or_waits-do = Проводки изменены мимо программы. Восстановите данные из копии.
check-payments-balances_are_those_of_the_journal = Остатки равны проводкам
check-payments-balances_are_those_of_the_journal-do = Выполните takt books rebuild для названной компании.
check-payments-accounts_run_on = Движения каждого счёта идут подряд
check-payments-accounts_run_on-do = Выполните takt books rebuild для названной компании.
check-payments-guarded_accounts_are_not_overdrawn = Авансы и возвраты клиентов не перерасходованы
check-payments-guarded_accounts_are_not_overdrawn-do = Выполните takt books rebuild; если не поможет, сверьте названный счёт с выпиской.
check-payments-credit_is_of_receipts = Авансы клиентов — части их поступлений
check-payments-credit_is_of_receipts-do = Сверьте названные строки с выпиской банка.
check-payments-refunds_are_of_receipts = Возвраты — части поступлений
check-payments-refunds_are_of_receipts-do = Сверьте названные строки с выпиской банка и не отправляйте возвраты до выяснения.
check-payments-refunds_are_confirmed_by_lines = Выплаченное по возвратам равно списаниям банка
check-payments-refunds_are_confirmed_by_lines-do = Сверьте названные возвраты с выпиской банка.
check-payments-reversals_make_up = Сторно возмещает то, что сторнирует
check-payments-reversals_make_up-do = Проводки изменены мимо программы. Восстановите данные из копии.

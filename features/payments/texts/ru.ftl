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
payments-more-of-file = Что ещё сказано в файле
payments-more-of-account = Что ещё сказано о счёте { $account }
payments-more-of-document = Что ещё сказано в документе
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
payments-left-column = Не разнесено
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
payments-evidence-two-persons = Подтверждено вручную, пока банк молчал, двумя людьми: { $names }.
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
payments-add-account = Добавить счёт
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
payments-rules = Правила разнесения
payments-rules-note = Действуют со следующего поступления. Что правилу не позволено, ждёт человека.
payments-rules-saved = Правила сохранены.
payments-save-rules = Сохранить
payments-accept-stale = Разносить по старому тексту (правило G)
payments-accept-stale-hint = В назначении назван оплаченный счёт, а у плательщика ровно один неоплаченный счёт на эту сумму.
payments-accept-names = Разносить по полному имени (правило H)
payments-accept-names-hint = Номер не назван и плательщик незнаком, но ровно один клиент с такими фамилией, именем и отчеством должен эту сумму.
payments-overpayment = Переплата до, % от остатка
payments-overpayment-hint = 150 — в полтора раза; излишек становится авансом клиента (правило D).
payments-cap = Правило { $rule } само до суммы: { $says }
payments-watched = Список наблюдения
payments-watched-hint = ИНН и номера счетов, по одному в строке. Платежи от них всегда ждут человека.
payments-bank-inns = ИНН банков
payments-bank-inns-hint = Платёж с таким ИНН не говорит, кто заплатил, и не запоминается. Крупные банки известны и так.
payments-overpayment_out_of_range = Укажите число от 100 до 300.
payments-cap_malformed = Укажите сумму больше нуля или оставьте поле пустым — тогда предела нет.
payments-watched_malformed = Каждая запись — ИНН или номер счёта: от 8 до 34 букв и цифр, не больше 1000 записей.
payments-bank_inn_malformed = ИНН — 10 или 12 цифр.
payments-rule-said = Правило { $rule } ({ $does }): { $said }
payments-once = Не запоминать плательщика: заплатил за клиента один раз
payments-split = Разделить на несколько счетов
payments-split-note = Пустое поле — этому счёту ничего.
payments-share-of = { $order } · { $payer } · остаток { $owed }
payments-accept-split = Разнести по долям

payments-waiting = Ждёт обработки.
payments-posted = Оплачен заказ { $orders }.
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
payments-held_came_back = Вернулись деньги, которые мы отправляли: возможно, возврат покупателю не дошёл. В учёт они попадут, когда человек за них поручится.
payments-came_back = Вернувшиеся деньги учтены. Запишите их в аванс покупателя, чтобы вернуть снова.
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
payments-file_unreadable = Файл не читается. Проверьте, доступен ли он программе.
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
payments-account_missing = Такого банковского счёта нет. Выберите один из списка.
payments-entity_missing = Такого юридического лица нет.
payments-entity_unnamed = Укажите наименование.
payments-inn_malformed = ИНН — это 10 или 12 цифр.
payments-kpp_malformed = КПП — это 9 цифр.
payments-other_seller = Счёт { $invoice } выставило другое ваше юридическое лицо. Переведите деньги на его счёт или верните плательщику.
payments-held_other_seller = Деньги пришли на счёт другого вашего юридического лица, а счёт на оплату выставило «{ $seller }». Переведите их или верните плательщику.
payments-refund_missing = Такого возврата нет.
payments-refund_is_elsewhere = Возврат уже в другом состоянии: { $state ->
    [payable] к возврату
    [ordered] ждёт второго согласия
    [approved] можно отправлять
    [sent] отправлен в банк
    [closed] выплачен
    [kept] оставлен авансом
   *[other] { $state }
}. Обновите страницу.
payments-refund_by_a_person = Возвратом распоряжается только человек под своим именем.
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
payments-books = Учёт
payments-books-account = Счёт учёта
payments-sealed = Проводок в цепочке
payments-chain-head = Отпечаток цепочки
payments-chain-hint = Отпечаток меняется с каждой проводкой. Запишите его на бумаге: по нему потом видно, что прошлое не переписано.
payments-entity = Юридическое лицо
payments-debit = Дебет
payments-credit = Кредит
payments-balance = Остаток
payments-day = День
payments-deed = Операция
payments-no-entries = Проводок нет
payments-no-entries-text = Они появятся с первым счётом или поступлением.
payments-account-bank = Банк
payments-account-unmatched = Не разнесено
payments-account-receivable = Должны покупатели
payments-account-customer-credit = Авансы клиентов
payments-account-refund-payable = К возврату клиентам
payments-account-cash-on-delivery = Наложенный платёж у перевозчика
payments-account-deferred-revenue = Выставлено, не отгружено
payments-account-revenue = Выручка
payments-account-vat-payable = НДС к уплате
payments-deed-invoice-issued = Выставлен счёт
payments-deed-invoice-withdrawn = Счёт отозван
payments-deed-bank-credit = Поступление
payments-deed-allocated = Разнесено на заказ
payments-deed-allocation-undone = Разнесение отменено
payments-deed-credit-given = Остаток в аванс
payments-deed-credit-undone = Аванс отменён
payments-deed-credit-used = Зачтён аванс
payments-deed-shipped = Отгрузка
payments-deed-returned = Возврат товаров
payments-deed-refund-payable = К возврату
payments-deed-refund-kept = Возврат оставлен авансом
payments-deed-refund-paid = Возврат выплачен
payments-deed-receipt-reversed = Банк забрал поступление
payments-refunds = Возвраты
payments-refund = Возврат
payments-refund-payable = К возврату
payments-refund-ordered = Ждёт второго согласия
payments-refund-approved = Можно отправлять
payments-refund-sent = Отправлен в банк
payments-refund-closed = Выплачен
payments-refund-kept = Оставлен авансом
payments-refund-confirmed-sum = Списано банком
payments-cause = Почему
payments-cause-returned = товар вернули
payments-cause-cancelled = заказ отменён
payments-cause-overpaid = переплата
payments-cause-credit = аванс не нужен
payments-refund-payee = Кому
payments-payee-account = На счёт
payments-reason = Причина
payments-ordered-by = Распорядился
payments-approved-by = Согласился
payments-open-order = Открыть заказ
payments-no-refunds = Здесь пусто
payments-no-refunds-text = Возврат появится, когда примут товар назад, отменят оплаченный заказ или найдут переплату.
payments-order-refund = Распорядиться о возврате
payments-keep-as-credit = Оставить авансом
payments-keep-hint = Клиент согласен, чтобы деньги подождали его следующего заказа.
payments-approve = Согласен
payments-approve-hint = Сумма больше, чем один человек решает сам: согласиться должен другой.
payments-take-back = Отозвать
payments-send-hint = Отправьте платёж через банк и укажите в назначении { $reference }: по нему списание закроет возврат само.
payments-mark-sent = Отправлено в банк
payments-confirm-hint = Возврат закроется сам, когда придёт выписка. Если банк написал иначе, укажите номер строки списания.
payments-outgoing-line = Номер строки
payments-confirm-refund = Это списание
payments-said-done = Сделано.
payments-said-credit-used = Аванс зачтён.
payments-said-returned = Возврат принят. Денег возвращать не нужно.
payments-surplus = К возврату { $surplus }
payments-claim-refund = Вернуть
payments-credit-waits = Аванс клиента: { $credit }
payments-use-credit = Зачесть
payments-accept-return = Принять возврат товара
payments-return-hint = Укажите, сколько вернулось. Заказ подешевеет, а оплаченное сверх этого станет возвратом. Годное ляжет на склад, негодное будет списано.
payments-returned_meanwhile = По заказу { $number } возврат уже приняли. Откройте карточку заново и проверьте, что ещё не вернулось.
payments-return-of = { $name }: годного, не больше { $most }
payments-credit-of = Ждёт следующих заказов:
payments-claim-credit = Вернуть аванс
payments-vat-of = НДС { $rate } %
payments-reversal-of = Какие деньги забрал банк
payments-reversal-hint = Долг по заказам, которые они оплатили, восстановится.
payments-reverse = Эти
payments-entities = Юридические лица
payments-entity-name = Наименование
payments-kpp = КПП
payments-address = Адрес
payments-vat-regime = НДС
payments-vat_regime_unknown = Выберите режим НДС.
payments-regime-general = общий режим
payments-regime-simplified = упрощённый режим, пониженная ставка
payments-regime-exempt = не плательщик
payments-director = Руководитель
payments-chief-accountant = Главный бухгалтер
payments-default-entity = основное
payments-change-entity = Изменить: { $name }
payments-new-entity = Добавить юридическое лицо
payments-save = Сохранить
payments-no-entities = Юридических лиц ещё нет
payments-no-entities-text = Первое появится само с первым счётом; добавьте его, чтобы указать реквизиты.
payments-owners = Кто продаёт и чьи счета
payments-two-persons-above = Двое решают о возврате свыше
payments-two-persons-hint = Пусто — решает один.
payments-deed-cash-on-delivery = Наложенный платёж
check-payments-carriers_owe_what_they_took_in = Долг перевозчиков равен принятому ими наложенному платежу
check-payments-carriers_owe_what_they_took_in-do = Сверьте доставленные заказы с отчётом перевозчика.
check-payments-buyers_owe_what_their_orders_do = Долг покупателей в учёте равен долгу по заказам
check-payments-buyers_owe_what_their_orders_do-do = Сверьте счёт «Должны покупатели» с заказами; не отгружайте до выяснения.
payments-vat-rates = Ставки НДС, которые предлагаются
payments-vat-rates-hint = Через запятую; none — без НДС. В заказе может быть любая ставка.
payments-kept_for_customer = Отложено авансом клиента.
payments-keep-for-customer = Всё в аванс этого клиента

payments-correspondent = Корр. счёт банка
payments-correspondent-hint = 20 цифр из реквизитов банка: попадёт в счёт и в QR-код для оплаты.
payments-correspondent_malformed = Корреспондентский счёт не подходит к БИК. Перепишите его из реквизитов банка.

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
payments-no-claims = Никто не ждёт
payments-no-claims-text = Здесь появятся покупатели, которые говорят, что заплатили, а денег ещё нет.
payments-claims-wait = { $count ->
    [one] { $count } покупатель говорит, что оплатил: проверьте
    [few] { $count } покупателя говорят, что оплатили: проверьте
   *[other] { $count } покупателей говорят, что оплатили: проверьте
}
payments-claim-of = Заказ { $number }
payments-claim-said-at = Сказано
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
payments-credit_of_several = Остаток нельзя оставить авансом: выбраны счета разных клиентов. Выберите счета одного или оставьте остаток неразнесённым.
payments-kept-as-credit = Оставлено авансом клиента
payments-file-goes-back = Более ранних записей в этом файле нет: запросите его с &before={ $before }
payments-return-unfit = { $name }: негодного
payments-return-why = Почему негоден
payments-invoice-validity = Срок счёта
payments-valid-days = Счёт действителен, дней
payments-valid-days-hint = Стоит на счёте. Оплаченный позже счёт всё равно разносится.
payments-valid_days_out_of_range = Укажите число дней от 0 до 365.
payments-refund_under_way = По заказу { $number } возвращаются деньги. Закончите возврат, потом делите или объединяйте.
payments-allocation_missing = Зачёт поступления № { $line } не сходится с заказом.

payments-burning-silent = Банк молчит
payments-burning-unmatched = Деньги без заказа

payments-title-help = Деньги, которые пришли в банк. Почти все находят свой заказ сами; здесь остались те, где нужен человек. Откройте первое: рядом подходящие заказы и почему они подходят.

payments-accounts-settings-help = Счета, на которые вам платят. Оплатой считается только то, что пришло на один из них, поэтому начните со своего расчётного счёта. Папка внизу нужна тем, у кого банк-клиент сам складывает выписки в файл.
payments-entities-settings-help = От чьего имени вы продаёте: наименование, ИНН, НДС. Это печатается в счетах и разделяет учёт, если лиц несколько. Первое появится само; проверьте в нём реквизиты и ставку.
payments-channels-settings-help = Банки, которые говорят о деньгах сами: платёж находит свой заказ за секунды, и выписки загружать не нужно. Выберите вид банка и подключите его; что делать дальше, покажет его страница. Без этого всё работает и по выпискам.
payments-rules-settings-help = Когда платёж находит свой заказ без человека. Что крупнее указанной суммы, ждёт бухгалтера; пустое поле – без предела. Начать можно ни с чего не меняя: без вас разносится только несомненное.
payments-files-help = Выписки, которые принесли люди, папки и банки. Откройте файл: у каждой строки написано, что с ней стало и почему. Одну выписку можно загрузить дважды, деньги сосчитаются один раз.
payments-claims-help = Покупатели говорят, что заплатили. Заказ от этого не меняется: его меняют только деньги, которые провёл банк. Сравните с похожим поступлением и ответьте покупателю.
payments-books-help = Учёт двойной записью: проводки делаются сами с каждым счётом, платежом и возвратом. Откройте строку, чтобы увидеть её проводки. Остаток счёта «Банк» сверяют с выпиской.
payments-refunds-help = Деньги, которые надо вернуть покупателям. Откройте возврат, проверьте реквизиты и распорядитесь. Закроет его строка банка о списании; крупный согласует второй человек.
payments-proofs-help = Не потерялось ли что-нибудь между банком и Takt: остатки сходятся день за днём. Если в каком-то дне чего-то не хватает, загрузите выписку за него. День без выписки ничем не доказан.
payments-by-hand-help = Для часа, когда банк молчит, а деньги пришли: двое людей подтверждают платёж, и заказ идёт дальше с отметкой «вручную». Потом своё слово скажет выписка.

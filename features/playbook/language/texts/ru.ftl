# Что не так с текстом регламента: показывается у строки.
playbook-text_too_long = Текст длиннее { $word } КБ. Разделите регламент или уберите лишнее
playbook-too_many_rules = Правил больше { $word }. Объедините похожие
playbook-rule_without_name = Назовите правило: после слова rule нужно имя из строчных латинских букв, цифр и дефисов
playbook-rule_name_taken = Правило «{ $word }» уже есть выше. Дайте этому другое имя
playbook-rule_unreadable = Правило не читается: { $word }
playbook-hears_nothing = Правило «{ $word }» ничего не ждёт: назовите в when хотя бы одно событие
playbook-fact_unknown = Событие «{ $word }» неизвестно.{ $meant ->
    [none] {""}
   *[other] {" "}Возможно, «{ $meant }»?
}
playbook-fact_twice = Событие «{ $word }» названо в when дважды
playbook-too_many_conditions = В правиле «{ $word }» больше 20 условий. Разделите его
playbook-condition_too_deep = Выражения вложены друг в друга глубже { $word } раз. Разделите условие на несколько
playbook-condition_too_long = Условие длиннее { $word } знаков. Разделите его на несколько
playbook-condition_unreadable = Условие не читается: { $word }
playbook-field_unknown = Поле «{ $word }» неизвестно.{ $meant ->
    [none] {""}
   *[other] {" "}Возможно, «{ $meant }»?
}
playbook-not_yes_or_no = Условие даёт «{ $word }», а должно давать «да» или «нет»
playbook-condition_senseless = Так сравнивать нельзя: { $word }
playbook-does_nothing = Правило «{ $word }» должно делать от одного до 20 дел
playbook-act_without_do = В правиле «{ $word }» не сказано, что делать: добавьте do
playbook-action_unknown = Действие «{ $word }» неизвестно.{ $meant ->
    [none] {""}
   *[other] {" "}Возможно, «{ $meant }»?
}
playbook-argument_missing = Не хватает значения «{ $word }»
playbook-argument_unknown = Значение «{ $word }» здесь не нужно.{ $meant ->
    [none] {""}
   *[other] {" "}Возможно, «{ $meant }»?
}
playbook-argument_not_bool = Здесь нужно true или false, а не «{ $word }»
playbook-argument_not_number = Здесь нужно целое число, а не «{ $word }»
playbook-argument_not_word = «{ $word }» сюда не подходит.{ $meant ->
    [none] {""}
   *[other] {" "}Возможно, «{ $meant }»?
}
playbook-argument_not_time = Здесь нужно время, например 15 min, 2 h или 1 d, не больше 366 d, а не «{ $word }»
playbook-before_unknown = Неизвестно, до чего это отметить: «{ $word }». Можно: подтверждения, готовности, отправки, отмены.{ $meant ->
    [none] {""}
   *[other] {" "}Может быть, «{ $meant }»?
}
playbook-step_without_words = После **до …:** напишите, что должно быть сделано
playbook-step_too_long = Пункт длиннее { $word } знаков. Сократите его: он показан при каждом отказе

# Состояния, которые длятся
playbook-only_where_it_lasts = until, calendar и after имеют смысл только в правиле о том, что длится: добавьте while или from, и for
playbook-when_and_while = Правило «{ $word }» ждёт и события, и состояния. Оставьте when с if либо while с for
playbook-no_duration = У правила «{ $word }» нет срока: добавьте for, например for = "30 min"
playbook-never_ends = Состояние в правиле «{ $word }» никогда не кончится: добавьте while или until
playbook-state_never_changes = Ни одно событие не меняет того, что спрашивает правило «{ $word }»: добавьте from или другое условие
playbook-no_fact_while_it_lasts = Пока состояние длится, события нет: «{ $word }» спросить нельзя
playbook-argument_not_ladder = Здесь нужна лестница до пяти ролей, каждая один раз, вместе не больше 366 d: [{"{"} after = "15 min", role = "manager" {"}"}], а не «{ $word }»
playbook-nobody_may = Роль «{ $word }» не вправе это сделать. Могут: { $meant }
playbook-calendar_unknown = У компании нет календаря «{ $word }».{ $meant ->
    [none] {""}
   *[other] {" "}Может быть, «{ $meant }»?
}
playbook-word_unreachable = Значения «{ $word }» у компании не бывает: условие никогда не выполнится.{ $meant ->
    [none] {""}
   *[other] {" "}Может быть, «{ $meant }»?
}
playbook-circle = Правила будят друг друга без конца: { $word }. Добавьте условие, которое их остановит
playbook-circle_perhaps = Правила могут будить друг друга по кругу: { $word }. Проверьте, что условия их остановят
playbook-outlives_orders = Правило «{ $word }» может длиться и после того, как заказ завершён или отменён. Добавьте условие order.in_work
playbook-too_many_facts = Правило «{ $word }» ждёт больше 40 событий. Разделите его
playbook-needs_an_order = Для «{ $word }» нужен заказ, а это событие не о заказе. Уберите это или ждите события заказа
playbook-finds_nothing = «{ $word }» здесь ничего не найдёт: это событие не о заказе. Закрывайте задачу в after того правила, которое её открывает
playbook-divided_by_nothing = Деление на ноль
playbook-number_too_large = Число больше, чем можно сосчитать

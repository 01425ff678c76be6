tasks-title = Задачи
tasks-show-mine = Мои
tasks-show-role = Моей роли
tasks-show-all = Все
tasks-what = Что сделать
tasks-due = Срок
tasks-role = Кому
tasks-state = Состояние
tasks-company = Компания
tasks-opened-at = Открыта
tasks-by = У кого
tasks-of-order = Заказ
tasks-do = Действие
tasks-open = Ждёт
tasks-taken = В работе
tasks-late = с опозданием
tasks-escalated = + { $role }
tasks-take = Взять
tasks-close = Готово
tasks-release = Вернуть
tasks-none = Задач нет
tasks-none-text = Всё сделано. Новая задача появится здесь сама.
tasks-none-of-order = По этому заказу задач не было.
tasks-kind-pick = Собрать
tasks-kind-call = Позвонить покупателю
tasks-outcome-done = Сделано
tasks-outcome-order_cancelled = Заказ отменён

# Отказы
tasks-missing = Такой задачи нет. Обновите список: её могли закрыть.
tasks-other_role = Эта задача для другой роли: { $role ->
    [owner] владелец
    [manager] менеджер
    [operator] оператор
    [warehouse] кладовщик
    [accountant] бухгалтер
    [auditor] аудитор
   *[other] { $role }
}. Взять её может и менеджер или владелец.
tasks-taken_already = Задачу уже взял кто-то другой. Выберите следующую.
tasks-closed_already = Задача уже закрыта.
tasks-not_taken = Задачу никто не брал, возвращать нечего.
tasks-outcome_malformed = Напишите итог: от 1 до 100 знаков.
tasks-state_unknown = В базе у задачи неизвестное состояние «{ $given }». Сообщите разработчикам.
tasks-uncounted = Не удалось посчитать задачи. Сообщите разработчикам.
check-tasks-closed_have_their_moment = У закрытых задач есть время закрытия
check-tasks-closed_have_their_moment-do = Строки задач изменены мимо программы. Восстановите данные из копии.

tasks-next = Следующее дело
tasks-next-hint = Самое срочное из того, что вы можете и вправе сделать, во всех компаниях
tasks-next-nothing = Сейчас для вас дел нет
tasks-next-is-yours = Следующее дело — ваше. Оно в вашем списке
tasks-keep = Оставить за собой
tasks-leased-until = до { $until }
tasks-rail = Что ждёт
tasks-rail-late = Просрочено
tasks-settings-note = Как задачи достаются людям и когда о них спрашивают выше.
tasks-lease-minutes = Выданное дело ждёт начала, минут
tasks-lease-minutes-hint = Если за это время с заказом ничего не сделали, дело возвращается в очередь и достаётся другому.
tasks-escalate-after = Спросить выше через, рабочих минут
tasks-escalate-after-hint = Столько есть у того, кого спросили после срока, прежде чем спросят следующего.
tasks-save = Сохранить
tasks-saved = Сохранено
tasks-minutes_out_of_range = Укажите целое число минут от 1 до { $most }.
tasks-busy = Всё срочное сейчас кто-то меняет. Нажмите ещё раз через секунду.
tasks-people = Люди и нагрузка
tasks-people-none = Людей нет
tasks-people-none-text = Здесь видно, сколько у кого дел.
tasks-person = Имя
tasks-in-work = В работе
tasks-done-today = Сделано сегодня
tasks-median = Обычно занимает
tasks-of-person = Задачи, которые взял человек: { $name }
tasks-late-of-person = Просроченные задачи, которые взял человек: { $name }
tasks-done-of-person = Задачи, которые сегодня закрыл человек: { $name }
tasks-instead-of = вместо: { $name }
tasks-you_are_away = По записи вас сейчас нет, поэтому новых дел вы не получаете. Если вы на месте, завершите отсутствие в настройках.
tasks-no_beginning_of_day = В этот день нет начала дня. Сообщите разработчикам.
check-tasks-leased_have_their_timer = Выданное на время дело вернётся само
check-tasks-leased_have_their_timer-do = У выданных дел нет таймера. Верните их в списке задач кнопкой «Вернуть».

tasks-burning = Задачи просрочены
tasks-answer-minutes = Сколько минут на ответ
tasks-answer-minutes-hint = Рабочих минут, за которые отвечает тот, кого спросили в комментарии.

tasks-title-help = Дела, которых ждут от людей, с временем, к которому их надо сделать. Нажмите «Дальше», и получите самое срочное из того, что вам можно. Просроченное уходит выше: менеджеру, потом владельцу.
tasks-title-settings-help = Сколько времени даётся на дело, прежде чем спросят следующего, и сколько на ответ, когда кого-то спросили в комментарии. Начните с первого поля: дела, которое выдали и не начали, дольше этого не ждут.

staff-scope-tasks-read = смотреть задачи
staff-scope-tasks-write = брать и закрывать задачи

tasks-people-help = Сколько дел у каждого сейчас, сколько просрочено и сколько закрыто сегодня. Число открывает сами дела. Кого не будет, записывают в настройках, на странице «Отпуска».

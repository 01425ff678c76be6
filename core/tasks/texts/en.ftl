tasks-title = Tasks
tasks-show-mine = Mine
tasks-show-role = My role
tasks-show-all = All
tasks-what = What to do
tasks-due = Due
tasks-role = For whom
tasks-state = State
tasks-company = Company
tasks-opened-at = Opened
tasks-by = Who has it
tasks-of-order = Order
tasks-do = Action
tasks-open = Waiting
tasks-taken = In work
tasks-late = late
tasks-escalated = + { $role }
tasks-take = Take
tasks-close = Done
tasks-release = Give back
tasks-none = No tasks
tasks-none-text = All done. A new task will appear here by itself.
tasks-none-of-order = There were no tasks about this order.
tasks-kind-pick = Pick
tasks-kind-call = Call the buyer
tasks-outcome-done = Done
tasks-outcome-order_cancelled = Order cancelled

# Refusals
tasks-missing = There is no such task. Refresh the list: it may have been closed.
tasks-other_role = This task is for another role: { $role ->
    [owner] owner
    [manager] manager
    [operator] operator
    [warehouse] warehouse
    [accountant] accountant
    [auditor] auditor
   *[other] { $role }
}. A manager or the owner can take it as well.
tasks-taken_already = Somebody else has taken the task. Choose the next one.
tasks-closed_already = The task is closed already.
tasks-not_taken = Nobody took the task, there is nothing to give back.
tasks-outcome_malformed = Write the outcome: 1 to 100 characters.
tasks-state_unknown = The database holds a task in the unknown state “{ $given }”. Tell the developers.
tasks-uncounted = The tasks could not be counted. Tell the developers.
check-tasks-closed_have_their_moment = Closed tasks have the moment of their closing
check-tasks-closed_have_their_moment-do = Tasks were changed past the program. Restore the data from a backup.

tasks-next = Next
tasks-next-hint = The most urgent thing that you are able and allowed to do, in all companies
tasks-next-nothing = There is nothing for you to do right now
tasks-next-is-yours = The next task is yours. It is in your list
tasks-keep = Keep it
tasks-leased-until = until { $until }
tasks-rail = What waits
tasks-rail-late = Overdue
tasks-settings-note = How tasks come to people, and when the next above is asked.
tasks-lease-minutes = What was given waits to be begun, minutes
tasks-lease-minutes-hint = When nothing was done with the order by then, the task goes back and is given to somebody else.
tasks-escalate-after = Ask the next above after, working minutes
tasks-escalate-after-hint = So long whoever was asked after the deadline has before the next is asked.
tasks-save = Save
tasks-saved = Saved
tasks-minutes_out_of_range = Enter a whole number of minutes from 1 to { $most }.
tasks-busy = Everything urgent is being changed at this moment. Press again in a second.
tasks-people = People and workload
tasks-people-none = Nobody is here
tasks-people-none-text = Here you see how much everybody has to do.
tasks-person = Name
tasks-in-work = In work
tasks-done-today = Done today
tasks-median = Usually takes
tasks-of-person = Tasks that { $name } has taken
tasks-late-of-person = Late tasks that { $name } has taken
tasks-done-of-person = Tasks that { $name } has closed today
tasks-instead-of = instead of { $name }
tasks-you_are_away = By the record you are away now, so you are given nothing new. If you are here, end the absence in the settings.
tasks-no_beginning_of_day = This day has no beginning. Tell the developers.
check-tasks-leased_have_their_timer = What was given for a while goes back by itself
check-tasks-leased_have_their_timer-do = Tasks that were given have no timer. Give them back on the list of tasks.

tasks-burning = Late tasks
tasks-answer-minutes = Minutes to answer
tasks-answer-minutes-hint = Working minutes in which somebody answers who was asked by a comment.

tasks-title-help = What people have to do, and by when. Press “Next” and you are given the most urgent thing that you may do. What is late goes higher: to the manager, then to the owner.
tasks-title-settings-help = How long somebody has before the next above is asked, and how long to answer when a comment asks. Begin with the first field: nobody waits longer for a task that was given and not begun.

staff-scope-tasks-read = see tasks
staff-scope-tasks-write = take and close tasks

tasks-people-help = How many tasks everybody has now, how many are late and how many were closed today. A number opens the tasks themselves. Who is away is written down in the settings, on the page “Leave”.

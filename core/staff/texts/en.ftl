# Signing in
staff-sign-in = Sign in
staff-email = E-mail
staff-password = Password
staff-enter = Sign in
staff-sign_in_refused = This e-mail and password do not fit. Check your keyboard layout and try again.
staff-sign_in_too_often = Too many attempts. Wait 15 minutes and try again.
staff-session_missing = This session is over. Sign in again.
staff-invited-to = Invitation to { $organisation }
staff-invited-known = Somebody signs in with this e-mail already. Enter your password to prove it is you.
staff-your-name = Your name
staff-new-password = New password
staff-password-hint = At least 10 characters. Several words in a row are best.
staff-join = Accept the invitation
staff-invitation_missing = This invitation is not there: it was accepted, withdrawn, or is older than a week. Ask for a new one.

# Profile
staff-profile = My profile
staff-language = Language
staff-theme = Theme
staff-save = Save
staff-saved = Saved
staff-current-password = Current password
staff-change-password = Change the password
staff-password-changed = The password is changed, all other sessions have ended
staff-password_wrong = This password is wrong. Enter it again.
staff-password_too_short = This password is too short: use at least 10 characters.
staff-password_too_long = This password is too long: shorten it to 1000 characters.
staff-sessions = Sessions
staff-session-this = This session
staff-session-end = End
staff-session-ended = The session has ended
staff-sign-out-everywhere = Sign out everywhere
staff-browser = Browser
staff-address = Address
staff-last-seen = Last seen

# Settings
staff-settings = Settings
staff-settings-of = Settings of
staff-settings-company = Company
staff-settings-shops = Shops
staff-settings-orders = Orders
staff-settings-money = Money
staff-settings-goods = Stock and delivery
staff-settings-buyers = Buyers
staff-settings-programs = Programs
staff-show = Show
staff-name = Name
staff-number = Number
staff-kind = Kind
staff-kind-company = Company
staff-kind-desk = Desk
staff-currency = Currency
staff-zone = Time zone
staff-zone-hint = For example Europe/Moscow or Europe/Berlin
staff-only-companies = Only companies have these. Choose a company above.
staff-only_companies = Only companies have this. Choose a company.
staff-denied = Your role does not allow this. Ask the owner for the right.

# Organisations
staff-companies = Organisation
staff-companies-mine = My organisations
staff-company-new = New organisation
staff-company-create = Create
staff-company-created = The organisation is created
staff-company_missing = There is no such organisation. Check its name or number.
staff-company_ambiguous = Several organisations are called “{ $given }”. Give its number.
staff-name_required = Enter a name of 1 to 200 characters.
staff-zone_unknown = The time zone “{ $given }” is unknown. Use a name like Europe/Berlin.
staff-organisation_kind_unknown = Choose a kind: company or desk.

# Shops
staff-shop = Shop
staff-shops = Shops
staff-shop-new = New shop
staff-shop-create = Add the shop
staff-shop-created = The shop is added
staff-rename = Rename
staff-no-shops = No shops yet
staff-no-shops-hint = Add a shop, then issue a token for it, and its orders will come here.
staff-shop_missing = There is no such shop. Check its name or number.
staff-shop_name_taken = There is a shop called “{ $name }” already. Choose another name.
staff-desk_has_no_shops = A desk has no shops: the companies it works for have them.

# People
staff-person = Name
staff-people = People
staff-roles = Roles
staff-roles-hint = Clear all roles to let somebody go.
staff-role-owner = Owner
staff-role-manager = Manager
staff-role-operator = Operator
staff-role-warehouse = Warehouse
staff-role-accountant = Accountant
staff-role-auditor = Auditor
staff-invite = Invite
staff-invite-title = Invite somebody
staff-invited = The invitation for { $email } is ready
staff-invited-hint = Pass on this link to our site. It is shown once and works for a week.
staff-invitations = Waiting for an answer
staff-invitation-withdrawn = The invitation is withdrawn
staff-withdraw = Withdraw
staff-expires = Valid until
staff-person_missing = There is no such person. Check the e-mail.
staff-person_has_another_password = { $email } has a password already, and it is another one. Give that one or invite by a link.
staff-email_malformed = This does not look like an e-mail address. Enter it as name@site.
staff-email_taken = Somebody signs in with this e-mail already. Open the link again.
staff-already_member = This person is here already. Change their roles in the list.
staff-roles_required = Choose at least one role.
staff-role_unknown = There is no role “{ $given }”. Use owner, manager, operator, warehouse, accountant or auditor.
staff-last_owner = This is the last owner. Appoint another one first.

# Desks
staff-engagements = Who processes orders
staff-engage = Lend
staff-engage-title = Lend the work to a desk
staff-engaged = The desk is engaged
staff-engaged-by = We work for
staff-engaged-by-nobody = No companies yet
staff-engaged-by-nobody-hint = The owner of a company engages you in their settings. Tell them the number of the desk: { $number }.
staff-engagement-end = End
staff-engagement-ended = The engagement has ended
staff-engagement-over = Over
staff-no-engagements = Your own people process the orders
staff-no-engagements-hint = A desk sees only what the lent roles allow, and only as long as it is engaged.
staff-lent = Lent roles
staff-from = From
staff-until = Until
staff-desk-hint = The exact name or the number of the desk
staff-desk_missing = There is no such desk. Ask it for its exact name or number.
staff-already_engaged = The company has a desk at that time already. End that engagement first.
staff-owner_is_not_lent = The role of the owner is not lent. Choose other roles.
staff-ends_before_it_begins = The end must come after the beginning.
staff-engagement_missing = There is no such engagement. Reload the page.
staff-engagement_over = This engagement is over already.

# Calendar
staff-calendars = Working time
staff-working-hours = Working hours
staff-hours = Hours
staff-hours-hint = For example 9:00-13:00, 14:00-18:00. Empty is a day off; 0:00-24:00 is round the clock.
staff-monday = Monday
staff-tuesday = Tuesday
staff-wednesday = Wednesday
staff-thursday = Thursday
staff-friday = Friday
staff-saturday = Saturday
staff-sunday = Sunday
staff-holidays = Holidays
staff-holidays-none = None
staff-holidays-russia = Production calendar of Russia
staff-holidays_unknown = Choose the holidays from the list.
staff-special-days = Special days ahead
staff-no-special-days = The coming months are as usual
staff-day = Day
staff-closed = Closed
staff-exceptions = Exceptions
staff-exception-new = New exception
staff-exception-add = Add
staff-exception-hint = Empty: closed all day
staff-no-exceptions = No exceptions
staff-no-exceptions-hint = An exception for a date overrules week and holidays.
staff-note = Note
staff-remove = Remove
staff-hours_malformed = The hours “{ $given }” make no sense. Write them as 9:00-13:00, 14:00-18:00.
staff-hours_overlap = The hours “{ $given }” overlap. Put them apart and in order.
staff-calendar_always_closed = At least one day needs working hours, or no deadline would ever come.
staff-date_malformed = The date “{ $given }” makes no sense. Write it as 2026-12-31.

# Tokens
staff-tokens = API tokens
staff-token-new = New token
staff-token-issue = Issue
staff-token-issued = The token is issued
staff-token-once = Keep it now: it will never be shown again.
staff-token-name-hint = Who uses it: the site, the till
staff-token-revoke = Revoke
staff-token-revoked = The token is revoked
staff-token-dead = Revoked
staff-token_missing = There is no such token. Reload the page.
staff-scopes = Scopes
staff-issued = Issued
staff-last-used = Last used
staff-no-tokens = No tokens yet
staff-no-tokens-hint = A shop's program shows its token with every call.
staff-scope_missing = The token needs the scope { $scope }. Issue one that has it.
staff-scope_required = Choose at least one scope.
staff-scope_unknown = There is no scope “{ $given }”. There are: { $known }.

# Record of sign-ins
staff-sign-ins = Sign-ins
staff-no-sign-ins = Nobody has signed in yet
staff-when = When
staff-outcome = Outcome
staff-outcome-signed-in = Signed in
staff-outcome-wrong-password = Wrong password
staff-outcome-too-often = Too often
check-staff-memberships_join_what_is_there = Places of people lead to people and companies
check-staff-memberships_join_what_is_there-do = Records of people were lost. Restore the data from a backup.
check-staff-engagements_join_what_is_there = Engagements lead to companies
check-staff-engagements_join_what_is_there-do = Records of companies were lost. Restore the data from a backup.
staff-notice-more = More

# Leave and substitution
staff-absences = Leave
staff-absences-none = Everybody is here
staff-absences-none-text = Here you see who is away, until when, and who stands in.
staff-absence-new = Who will be away
staff-absence-add = Note it
staff-absence-set = The absence is noted
staff-absence-ended = Done: they are here again
staff-absence-end = Back again
staff-absence-withdraw = Withdraw
staff-away-until = away until { $moment }
staff-away-from = away from { $moment }
staff-substitute = Who stands in
staff-substitute-nobody = Everybody of the same role
staff-substitute-hint = Taken tasks go to them at once. Their rights stay their own.
staff-substitute-lacks = Lacks the role: { $roles }. Such tasks go to others who have it.
staff-absence_ends_before_it_begins = The end must be later than the beginning.
staff-absence_is_over = That time has passed.
staff-absence_too_long = No further than a year ahead, and no longer than a year.
staff-absence_overlaps = An absence is noted for that time already. Withdraw it first.
staff-absence_missing = There is no such absence: it is over or was withdrawn. Refresh the page.
staff-substitute_missing = That person does not work here. Choose another.
staff-substitutes_themself = Nobody stands in for themself. Choose another.
staff-moment_unreadable = Enter a day and a time.

# Calendars by name
staff-calendars-named = Other calendars
staff-calendar-named = Calendar
staff-calendar-name = Name
staff-calendar-name-hint = The playbook names the calendar by it: calendar = "warehouse".
staff-calendar-add = Add a calendar
staff-calendar-edit = Edit
staff-no-calendars-named = No other calendars
staff-calendars-named-hint = Such as the hours of the warehouse or the call centre. The playbook counts deadlines by them.
staff-calendar-exceptions-hint = One date on each line: 2026-12-31 9:00-13:00. A date without hours is a day off.
staff-calendar_missing = The company has no calendar “{ $name }”. Add it in the settings of working time.
staff-calendar_name_malformed = Name the calendar: 1 to 40 characters. “Round the clock” means every hour of every day; this name is taken.
staff-calendars_too_many = There are { $most } calendars already. Remove those that are not needed.
staff-calendar_exceptions_too_many = There are more than { $most } special dates. Remove those that are past.

staff-manager = Who answers
staff-manager-nobody = Nobody is named
staff-manager-note = Who answers for the company: shown in the owner’s cabinet and on every order, and asked questions there. One of your own people or of the desk that works for you.
staff-manager-named = Who answers is named
staff-manager_not_here = This person does not work for the company. Choose one from the list or invite them.

staff-settings-help = The company is set up here: who works, when you are open, what is promised and where orders come from.
staff-companies-settings-help = Name, time zone and language of the company. Another company or a desk is opened here as well.
staff-shops-settings-help = Places of sale. Each shop has its own keys, catalogue and source of orders. Begin with one.
staff-people-settings-help = Who works here and what they may do. Invite somebody by e-mail and give a role; they choose the password themselves.
staff-absences-settings-help = Who is away and who does their work. For that time their tasks go to the substitute.
staff-engagements-settings-help = Who answers for the company, and which desk works for it. Begin with who answers: the name stands on every order.
staff-calendars-settings-help = When you are open. Promises are counted in working time, so nights and holidays are nobody’s fault.
staff-tokens-settings-help = Keys with which the programs of shops come in. A key is shown once; revoke one that is no longer yours.
staff-sign-ins-settings-help = Who came in when, and who was refused. Look here when something seems odd.
staff-no-sign-ins-hint = Every sign-in and every refusal will stand here: who, when and from where.
staff-no-special-days-hint = Holidays and days with other hours will stand here.
staff-practice_only = This is a practice company: nothing leaves it. Do this in your own company.
staff-practice_enough = Enough for today: you have opened a practice company ten times. Tomorrow again.
staff-practice_full = Too many people are practising now. Try again in an hour.

staff-scope-company-read = see who answers for the company
staff-scope-company-write = name who answers for the company

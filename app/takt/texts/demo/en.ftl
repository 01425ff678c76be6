takt-folder_unusable = The folder { $folder } cannot be used. Check the path and the rights.
takt-demo-founding = Setting up the company, its catalogue and warehouses: { $done } of { $all } products
takt-demo-warming-up = First orders: { $done } of { $all }
takt-demo-title = Takt shows a day of the company “{ $company }”: orders, money and parcels are real to the program, the people are invented.
takt-demo-sign-in =
    { "  " }{ $url }
    { "  " }e-mail    { $email }
    { "  " }password  { $password }
takt-demo-others = With the same password:
takt-demo-look =
    Open the list of orders and leave it open: it changes by itself. The card of an order shows who held it for how long.
    Under “Money” some payments wait for you to decide: typing errors, overpayments, somebody else's account.
    Stop: Ctrl-C
takt-demo-stopping = Finishing what was begun…
takt-demo-placed = new order of { $detail }
takt-demo-paid = paid by bank statement: { $detail }
takt-demo-paid-in-part = a part of the money came: { $detail }
takt-demo-short = not all of it is in stock, waiting for a delivery
takt-demo-confirmed = confirmed
takt-demo-packed = packed
takt-demo-on-its-way = on its way { $detail }
takt-demo-delivered = delivered
takt-demo-cancelled = cancelled
takt-demo-money-waits = money came, a person decides for what: “Money”
takt-demo-money-held = a line of the statement is held: “Money”

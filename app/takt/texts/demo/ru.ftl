takt-folder_unusable = Папкой { $folder } нельзя пользоваться. Проверьте путь и права.
takt-demo-founding = Готовлю компанию, каталог и склады: { $done } из { $all } товаров
takt-demo-warming-up = Первые заказы: { $done } из { $all }
takt-demo-title = Такт показывает день компании «{ $company }»: заказы, деньги и посылки настоящие для программы, люди выдуманы.
takt-demo-sign-in =
    { "  " }{ $url }
    { "  " }почта   { $email }
    { "  " }пароль  { $password }
takt-demo-others = С тем же паролем входят:
takt-demo-look =
    Откройте список заказов и оставьте его открытым: он меняется сам. В карточке заказа видно, кто и сколько его держит.
    В разделе «Деньги» часть платежей ждёт вашего решения: опечатки, доплаты, чужие плательщики.
    Остановить: Ctrl-C
takt-demo-stopping = Заканчиваю начатое…
takt-demo-placed = новый заказ на { $detail }
takt-demo-paid = оплачен выпиской банка: { $detail }
takt-demo-paid-in-part = поступила часть оплаты: { $detail }
takt-demo-short = не всё есть на складе, ждём поставку
takt-demo-confirmed = подтверждён
takt-demo-packed = собран
takt-demo-on-its-way = в пути { $detail }
takt-demo-delivered = доставлен
takt-demo-cancelled = отменён
takt-demo-money-waits = деньги пришли, но чьи — решает человек: «Деньги»
takt-demo-money-held = строка выписки отложена: «Деньги»

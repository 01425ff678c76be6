tochka-name = Tochka (JWT)

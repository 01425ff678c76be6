tochka-name = Точка (JWT)

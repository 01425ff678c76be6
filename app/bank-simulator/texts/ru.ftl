bank_simulator-folder_unusable = В папку { $folder } нельзя записать или её нельзя прочесть.
bank_simulator-keys_unusable = Ключи учебного банка не годятся. Очистите его папку и запустите снова.
bank_simulator-unreachable = По этому адресу Takt не отвечает. Проверьте адрес, сертификаты и то, запущен ли takt serve.
bank_simulator-nowhere = Укажите, где слушает Takt: --push-to — вход для банков, --public-to — общий.
bank_simulator-not_listening = Этот адрес занять не удаётся.

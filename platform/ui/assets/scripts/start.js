document.documentElement.classList.add("scripted");
startForms();
startClock();
startLive();

document.documentElement.classList.add("scripted");
for (const start of starts) start();

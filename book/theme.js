/* SPDX-License-Identifier: MIT */
/* theme.js - before the page is drawn: light or dark, as chosen the last time */
(function () {
	var chosen = null;
	try {
		chosen = localStorage.getItem("theme");
	} catch (error) {
		/* No storage: the system's preference holds. */
	}
	if (chosen)
		document.documentElement.dataset.theme = chosen;
	document.documentElement.classList.add("js");
})();

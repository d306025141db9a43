/* SPDX-License-Identifier: MIT */
/* book.js - the theme button, the contents button and the search */
"use strict";

var root = document.documentElement;

function is_dark()
{
	if (root.dataset.theme)
		return root.dataset.theme === "dark";
	return matchMedia("(prefers-color-scheme: dark)").matches;
}

/* The button is named after what it will do. */
function name_theme(button)
{
	button.textContent = is_dark() ? "Light" : "Dark";
	button.setAttribute("aria-label",
	    is_dark() ? "Light: use light colours" : "Dark: use dark colours");
}

function set_up_theme(button)
{
	name_theme(button);
	button.addEventListener("click", function () {
		root.dataset.theme = is_dark() ? "light" : "dark";
		try {
			localStorage.setItem("theme", root.dataset.theme);
		} catch (error) {
			/* It holds for this page, then. */
		}
		name_theme(button);
	});
}

function set_up_menu(button)
{
	var contents = document.getElementById("contents");

	button.addEventListener("click", function () {
		var open = contents.classList.toggle("open");
		button.setAttribute("aria-expanded", String(open));
	});
}

/* Sections that contain every word; those with words in their title first. */
function find(words)
{
	var hits = [];

	book_index.forEach(function (section) {
		var title = section[2].toLowerCase();
		var text = section[3].toLowerCase();
		var score = 0;
		var all = words.every(function (word) {
			if (title.includes(word))
				score += 10;
			else if (text.includes(word))
				score += 1;
			else
				return false;
			return true;
		});
		if (all)
			hits.push({ section: section, score: score });
	});
	hits.sort(function (a, b) { return b.score - a.score; });
	return hits.slice(0, 12);
}

/* Some text around the first word found. */
function snippet(text, word)
{
	var at = text.toLowerCase().indexOf(word);
	var from = text.lastIndexOf(" ", Math.max(0, at - 40));
	var to = text.indexOf(" ", Math.max(0, at) + 80);

	return (from > 0 ? "… " : "") + text.slice(from + 1,
	    to < 0 ? text.length : to) + (to < 0 ? "" : " …");
}

function result(hit, words)
{
	var link = document.createElement("a");
	var title = document.createElement("b");
	var section = hit.section;

	link.href = section[0] + ".html" + (section[1] ? "#" + section[1] : "");
	title.textContent = section[2] +
	    (section[1] ? " · " + section[4] : "");
	link.append(title, document.createTextNode(" " +
	    snippet(section[3], words[0])));
	return link;
}

function set_up_search(input)
{
	var box = document.getElementById("results");

	function close()
	{
		box.hidden = true;
	}

	function show()
	{
		var words = input.value.toLowerCase().split(/\s+/)
		    .filter(Boolean);
		var hits = words.length ? find(words) : [];

		box.hidden = !words.length;
		box.replaceChildren.apply(box, hits.map(function (hit) {
			return result(hit, words);
		}));
		if (!hits.length) {
			var none = document.createElement("p");
			none.textContent = "Nothing found.";
			box.append(none);
		}
	}

	function step(event)
	{
		var links = Array.from(box.querySelectorAll("a"));
		var at = links.indexOf(document.activeElement);

		if (event.key === "Escape") {
			close();
			input.focus();
		} else if (event.key === "ArrowDown" && links[at + 1]) {
			links[at + 1].focus();
			event.preventDefault();
		} else if (event.key === "ArrowUp" && at >= 0) {
			(links[at - 1] || input).focus();
			event.preventDefault();
		} else if (event.key === "Enter" && at < 0 && links[0]) {
			links[0].click();
		}
	}

	input.addEventListener("input", show);
	input.parentNode.addEventListener("keydown", step);
	box.addEventListener("click", close);
	document.addEventListener("click", function (event) {
		if (!input.parentNode.contains(event.target))
			close();
	});
	document.addEventListener("keydown", function (event) {
		if ((event.ctrlKey || event.metaKey) && event.key === "k") {
			event.preventDefault();
			input.focus();
			input.select();
		}
	});
}

[["theme", set_up_theme], ["menu", set_up_menu], ["search", set_up_search]]
    .forEach(function (part) {
	var element = document.getElementById(part[0]);

	if (element)
		part[1](element);
});

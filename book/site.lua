-- SPDX-License-Identifier: MIT
--
-- site.lua - from the checked tree to a page of the site
--
-- Sets code as figures, lets wide tables scroll, and tells the template where
-- the page stands: the chapters before and after it, and its own sections.

local here = PANDOC_SCRIPT_FILE:match("^(.*)/") or "."
local common = dofile(here .. "/common.lua")
local stringify = pandoc.utils.stringify

local function link(file, line)
	return '<a href="' .. common.source_page(file, line) .. '">'
	    .. common.escape(file) .. "</a>"
end

local pictures

local function figure(block)
	return common.figure(block, link, pictures)
end

-- Tables of sentences: on a telephone each row is a card, and each of its cells
-- says what it is (style.css). The roles stay when the display changes.
local sentences = { ["appendix-sources"] = true,
    ["appendix-differences"] = true }

local function cards(tbl)
	local heads = tbl.head.rows[1].cells
	tbl.attr.classes:insert("cards")
	tbl.attr.attributes.role = "table"
	for _, body in ipairs(tbl.bodies) do
		for _, row in ipairs(body.body) do
			row.attr.attributes.role = "row"
			for i, cell in ipairs(row.cells) do
				cell.attr.attributes.role = "cell"
				cell.attr.attributes["data-label"] =
				    stringify(heads[i].contents)
			end
		end
	end
	return tbl
end

local page

local function scroll(tbl)
	if sentences[page] then
		tbl = cards(tbl)
	end
	return { pandoc.RawBlock("html", '<div class="table" tabindex="0"'
	    .. ' role="group" aria-label="Table">'), tbl,
	    pandoc.RawBlock("html", "</div>") }
end

local appendices = { rules = true, explorer = true, glossary = true,
    sources = true, licence = true,
    ["appendix-sources"] = true, ["appendix-differences"] = true }

-- One entry of the book's table of contents.
local function entry(row, current)
	local name, title = row:match("^(.-)\t(.*)$")
	local number = name:match("^(%d+)%-")
	return { page = name, url = name .. ".html", title = title,
	    number = number,
	    appendix = appendices[name],
	    current = name == current }
end

function Pandoc(doc)
	local meta = doc.meta
	page = stringify(meta.page)
	pictures = meta.pictures and stringify(meta.pictures)
	local chapters = pandoc.List()
	local at
	for row in common.read(stringify(meta.titles)):gmatch("[^\n]+") do
		chapters:insert(entry(row, page))
		if chapters[#chapters].current then
			at = #chapters
		end
	end
	meta.chapter = chapters
	if at then
		meta.number = chapters[at].number
		meta.previous = chapters[at - 1]
		meta.next = chapters[at + 1]
	elseif page == "index" then
		meta.next = chapters[1]
		meta.index = true
	end
	meta.pagetitle = stringify(meta.title)
	return doc:walk { CodeBlock = figure, Table = scroll }
end

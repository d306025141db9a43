-- SPDX-License-Identifier: MIT
--
-- epub.lua - from the checked trees of all chapters to one book
--
-- Every identifier gets its chapter's name in front, so that each exists once;
-- links between pages become links within the book; links to source pages,
-- which the EPUB does not contain, become plain text.

local here = PANDOC_SCRIPT_FILE:match("^(.*)/") or "."
local common = dofile(here .. "/common.lua")
local stringify = pandoc.utils.stringify

local function plain(file)
	return common.escape(file)
end

local function figure(block)
	return common.figure(block, plain)
end

local function chapter(path)
	local doc = pandoc.read(common.read(path), "json")
	local page = stringify(doc.meta.page)
	local function name(element)
		if element.identifier ~= "" then
			element.identifier = "ch-" .. page .. "-"
			    .. element.identifier
		end
		return element
	end
	local function link(l)
		local to, id = l.target:match("^([%w-]*)%.?h?t?m?l?#?(.*)$")
		if l.target:find("^%a+:") then
			return l
		elseif not to or l.target:find("^src/")
		    or to == "sources" then
			return l.content
		end
		to = to == "" and page or to
		l.target = "#ch-" .. to .. (id ~= "" and "-" .. id or "")
		return l
	end
	local blocks = doc:walk { Header = name, Div = name, Span = name,
	    Link = link, CodeBlock = figure }.blocks
	local title = doc.meta.title
	local number = page:match("^(%d+)%-")
	if number then
		title = { pandoc.Str(number .. ". "),
		    table.unpack(title) }
	end
	blocks:insert(1, pandoc.Header(1, title, { id = "ch-" .. page }))
	return blocks
end

function Pandoc(doc)
	for path in stringify(doc.meta.asts):gmatch("%S+") do
		doc.blocks:extend(chapter(path))
	end
	doc.meta.asts = nil
	return doc
end

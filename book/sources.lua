-- SPDX-License-Identifier: MIT
--
-- sources.lua - one page per source file, with an anchor for each line
--
-- Writes DIR/PATH.html for every file named in the variable files, and returns
-- the page that lists them.  Rules named in a comment link to their place in
-- the table.

local here = PANDOC_SCRIPT_FILE:match("^(.*)/") or "."
local common = dofile(here .. "/common.lua")
local stringify = pandoc.utils.stringify

local rules, template

local function link_rules(line, up)
	return (line:gsub("%u+%-%d%d+", function(id)
		if rules[id] then
			return '<a href="' .. up .. "rules.html#" .. id
			    .. '">' .. id .. "</a>"
		end
	end))
end

local function page(path)
	local text = common.read(path):gsub("\n$", "")
	local language = path:match("%.[ch]$") and "c" or ""
	local up = ("../"):rep(select(2, path:gsub("/", "")) + 1)
	local lines = common.colour(text, language)
	for i, line in ipairs(lines) do
		lines[i] = '<span class="l" id="L' .. i .. '">'
		    .. link_rules(line, up) .. "\n</span>"
	end
	local values = { path = path, up = up, count = tostring(#lines),
	    body = table.concat(lines) }
	return (template:gsub("%$(%w+)%$", values))
end

local function save(path, text)
	local file = assert(io.open(path, "wb"))
	file:write(text)
	file:close()
end

function Pandoc(doc)
	local meta = doc.meta
	rules = common.rules(stringify(meta.rules))
	template = common.read(here .. "/source.html")
	local list, folder = pandoc.List(), nil
	for path in stringify(meta.files):gmatch("%S+") do
		local dir = path:match("^(.*)/") or "."
		if dir ~= folder then
			folder = dir
			list:insert(pandoc.Header(2, pandoc.Code(dir)))
			list:insert(pandoc.BulletList {})
		end
		save(stringify(meta.dir) .. "/" .. path .. ".html", page(path))
		local item = { pandoc.Link(path:match("[^/]+$"),
		    common.source_page(path)) }
		local what = common.read(path):match(
		    "^[^\n]*\n?/%*\n %* %S+ %- (.-)\n")
		    or common.read(path):match("/%* %S+ %- (.-) *%*?/?\n")
		if what then
			item[2] = pandoc.Str(": " .. what)
		end
		list[#list].content:insert { pandoc.Plain(item) }
	end
	doc.blocks:extend(list)
	meta.title = "The sources"
	meta.page = "sources"
	meta.lang = "en"
	return doc
end

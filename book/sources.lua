-- SPDX-License-Identifier: MIT
--
-- sources.lua - one page per source file, with an anchor for each line
--
-- Writes DIR/PATH.html for every file named in the variable files, and returns
-- the page that lists them.  Rules named in the code link to their place in the
-- table.  Markdown is shown as text, with its links turned to these pages.

local here = PANDOC_SCRIPT_FILE:match("^(.*)/") or "."
local common = dofile(here .. "/common.lua")
local stringify = pandoc.utils.stringify

local rules, template, reader, book_pages
local sources = {}

-- Code ------------------------------------------------------------------------

local function link_rules(line, up)
	return (line:gsub("%u+%-%d%d+", function(id)
		if rules[id] then
			return '<a href="' .. up .. "rules.html#" .. id
			    .. '">' .. id .. "</a>"
		end
	end))
end

local function code(text, path, up)
	local lines = common.colour(text, path:match("%.[ch]$") and "c")
	for i, line in ipairs(lines) do
		lines[i] = '<span class="l" id="L' .. i .. '">'
		    .. link_rules(line, up) .. "\n</span>"
	end
	return '<p class="lines">' .. #lines .. " lines</p>\n"
	    .. '<pre tabindex="0" role="group" aria-label="' .. path
	    .. '"><code>' .. table.concat(lines) .. "</code></pre>"
end

-- Markdown --------------------------------------------------------------------

-- Where a link of the file leads: a page of the book, a source page, outside.
local function target_of(target, dir, up)
	local file, id = target:match("^([^#]*)(#?.*)$")
	local path = common.normal(dir .. "/" .. file)
	local page = common.page_of(path)
	if target:find("^%a+:") or file == "" then
		return target
	elseif page and book_pages[page] then
		return up .. page .. ".html" .. id
	elseif sources[path] then
		return up .. common.source_page(path) .. id
	elseif common.exists(path) == "directory" then
		return up .. "sources.html"
	end
end

local function text_of(text, path, up)
	local dir = path:match("^(.*)/") or "."
	local doc = pandoc.read(text, reader):walk {
		Link = function(link)
			link.target = target_of(link.target, dir, up)
			return link.target and link or link.content
		end,
		Header = function(header)
			header.level = math.min(header.level + 1, 6)
			return header
		end,
		CodeBlock = function(block)
			return common.figure(block)
		end,
	}
	return pandoc.write(doc, "html5")
end

-- Pages -----------------------------------------------------------------------

local function page(path)
	local text = common.read(path):gsub("\n$", "")
	local up = ("../"):rep(select(2, path:gsub("/", "")) + 1)
	local show = path:match("%.md$") and text_of or code
	local values = { path = path, up = up, body = show(text, path, up) }
	return (template:gsub("%$(%w+)%$", values))
end

local function save(path, text)
	local file = assert(io.open(path, "wb"))
	file:write(text)
	file:close()
end

-- The line that says what a file is for: "/* queue.c - three ready lists".
local function purpose(path)
	local name = path:match("[^/]+$"):gsub("%p", "%%%0")
	return common.read(path):sub(1, 400):match(name .. " %- ([^\n*]+)")
end

local function list_of(files)
	local list, items = pandoc.List(), {}
	for _, path in ipairs(files) do
		local dir = path:match("^(.*)/") or "The project"
		local what = purpose(path)
		local item = { pandoc.Link(pandoc.Code(path:match("[^/]+$")),
		    common.source_page(path)) }
		if what then
			item[2] = pandoc.Str(": " .. what)
		end
		if not items[dir] then
			items[dir] = pandoc.BulletList {}
			list:insert(pandoc.Header(2, dir,
			    { id = (dir:gsub("[ /]", "-")) }))
			list:insert(items[dir])
		end
		items[dir].content:insert { pandoc.Plain(item) }
	end
	return list
end

function Pandoc(doc)
	local meta = doc.meta
	local files = {}
	reader = stringify(meta.reader)
	rules = common.rules(stringify(meta.rules))
	template = common.read(here .. "/source.html")
	book_pages = common.set(stringify(meta.pages))
	for path in stringify(meta.files):gmatch("%S+") do
		files[#files + 1] = path
		sources[path] = true
	end
	for _, path in ipairs(files) do
		save(stringify(meta.dir) .. "/" .. path .. ".html", page(path))
	end
	return pandoc.Pandoc(list_of(files), { title = "The source code",
	    page = "sources", titles = meta.titles })
end

-- SPDX-License-Identifier: MIT
--
-- common.lua - what the filters share: the names of pages, C made colourful,
-- and code as HTML.  Loaded by dofile; used for the site, the EPUB and the
-- pages of source code alike, so that code looks the same everywhere.

local common = {}

function common.read(path)
	local file = io.open(path, "rb")
	if not file then
		return nil
	end
	local text = file:read("a")
	file:close()
	return text
end

-- "file", "directory" or nil.
function common.exists(path)
	local file = io.open(path, "rb")
	if not file then
		return nil
	end
	local kind = file:read(0) == nil and file:seek("end") ~= 0
	    and "directory" or "file"
	file:close()
	return kind
end

function common.escape(text)
	return (text:gsub('[&<>"]', {
		["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;",
		['"'] = "&quot;",
	}))
end

-- The page that a file of the book becomes: its name without .html, or nil.
function common.page_of(path)
	return path:match("^chapters/([^/]+)/chapter%.md$")
	    or path:match("^book/([^/]+)%.md$")
	    or path:match("^tests/(rules)%.md$")
end

function common.source_page(path, line)
	return "src/" .. path .. ".html" .. (line and "#L" .. line or "")
end

-- "a/b/../c" is "a/c".
function common.normal(path)
	local parts = {}
	for part in path:gmatch("[^/]+") do
		if part == ".." then
			table.remove(parts)
		elseif part ~= "." then
			parts[#parts + 1] = part
		end
	end
	return table.concat(parts, "/")
end

-- The words of a text, as the keys of a table.
function common.set(text)
	local set = {}
	for word in text:gmatch("%S+") do
		set[word] = true
	end
	return set
end

-- The rows of rules.tsv, by ID (see rules.awk).
function common.rules(path)
	local rules = {}
	for row in (common.read(path) or ""):gmatch("[^\n]+") do
		local id, statement, state, reason, tests =
		    row:match("^(.-)\t(.-)\t(.-)\t(.-)\t(.*)$")
		local rule = { state = state, reason = reason, tests = {} }
		for file, line, name in tests:gmatch("(%S-):(%d+):(%S+)") do
			table.insert(rule.tests,
			    { file = file, line = line, name = name })
		end
		rules[id] = rule
	end
	return rules
end

-- Colour ----------------------------------------------------------------------

local words = {}
for word in ([[auto break case const continue default do else enum extern for
    goto if inline register restrict return sizeof static struct switch typedef
    union volatile while _Alignas _Alignof _Atomic _Generic _Noreturn
    _Static_assert _Thread_local]]):gmatch("%S+") do
	words[word] = "k"
end
for word in ([[void char short int long float double signed unsigned bool
    size_t ssize_t int32_t int64_t uint32_t uint64_t uintptr_t intptr_t va_list
    FILE VOID BOOL DWORD LONG ULONG PVOID HANDLE FILETIME OVERLAPPED CALLBACK
    WINAPI]]):gmatch("%S+") do
	words[word] = "t"
end

-- The end of the string or character constant that begins at i.
local function end_of_string(text, i)
	local quote = text:sub(i, i)
	local j = i + 1
	while j <= #text do
		local c = text:sub(j, j)
		if c == quote or c == "\n" then
			return j
		end
		j = j + (c == "\\" and 2 or 1)
	end
	return #text
end

-- The token at i: its last position and its class, nil for plain text.
local function token(text, i)
	local c = text:sub(i, i)
	local line_start = i == 1 or text:sub(i - 1, i - 1) == "\n"
	if text:find("^/%*", i) then
		local _, j = text:find("*/", i + 2, true)
		return j or #text, "c"
	elseif text:find("^//", i) then
		return (text:find("\n", i, true) or #text + 1) - 1, "c"
	elseif c == '"' or c == "'" then
		return end_of_string(text, i), "s"
	elseif line_start and c == "#" then
		local _, j = text:find("^#%s*%a*", i)
		return j, "p"
	elseif c:find("%d") then
		local _, j = text:find("^[%w%.]+", i)
		return j, "n"
	elseif c:find("[%a_]") then
		local _, j = text:find("^[%w_]+", i)
		local word = text:sub(i, j)
		if words[word] then
			return j, words[word]
		elseif line_start and text:find("^%(", j + 1) then
			return j, "f"
		elseif word:find("^P?TP_") or word:find("^tp_[%w_]+_t$") then
			return j, "t"
		end
		return j, nil
	end
	local _, j = text:find("^[^%w_#/\"'\n]+", i)
	return j or i, nil
end

-- Turns C into HTML, one string per line.  A comment that runs over several
-- lines is closed and opened again at each end of line.
function common.colour(text, language)
	local out, i = {}, 1
	if language ~= "c" then
		out[1] = common.escape(text)
		i = #text + 1
	end
	while i <= #text do
		local j, class = token(text, i)
		local piece = common.escape(text:sub(i, j))
		if class then
			local open = '<span class="' .. class .. '">'
			piece = open .. piece:gsub("\n", "</span>\n" .. open)
			    .. "</span>"
		end
		out[#out + 1] = piece
		i = j + 1
	end
	local lines = {}
	for line in (table.concat(out) .. "\n"):gmatch("(.-)\n") do
		lines[#lines + 1] = line
	end
	return lines
end

-- Code as a figure ------------------------------------------------------------

local function caption_of(kind, block, link)
	local at = block.attributes
	if kind == "quote" then
		return link(at.file, at.first) .. ' <span class="lines">lines '
		    .. at.first .. "–" .. at.last .. "</span>",
		    at.file .. ", lines " .. at.first .. " to " .. at.last
	elseif kind == "output" then
		return link(at.file) .. " prints", "Output of " .. at.file
	elseif kind == "broken" then
		return link(at.file) .. " under the explorer: "
		    .. common.escape(at.verdict), "What the explorer found in "
		    .. at.file .. ": " .. at.verdict
	elseif kind == "explored" then
		return link(at.file) .. " under the explorer",
		    "How often " .. at.file .. " was explored"
	elseif kind == "timeline" then
		return "Timeline of " .. link(at.file),
		    "Timeline of " .. at.file .. ", as text"
	elseif kind == "figure" then
		return common.escape(at.title), "Figure: " .. at.title
	elseif kind == "nocompile" then
		return "Does not compile", "C code that does not compile"
	elseif kind == "shell" then
		return nil, "Commands"
	end
	return nil, block.classes[1] == "c" and "C code" or "Code"
end

-- The picture that belongs to a timeline, or nil.
local function picture_of(kind, block, pictures)
	return pictures and kind == "timeline" and common.read(pictures .. "/"
	    .. block.attributes.file:gsub("^chapters/", ""):gsub("%.c$", ".svg"))
end

-- A CodeBlock as HTML; link(file, line) makes the caption's link. pictures:
-- the folder of the timelines' pictures, if they are to be shown; the text is
-- then one click away.
function common.figure(block, link, pictures)
	local language, kind = block.classes[1], block.classes[2]
	local caption, label = caption_of(kind, block, link)
	local picture = picture_of(kind, block, pictures)
	local code = '<pre tabindex="0" role="group" aria-label="'
	    .. common.escape(label) .. '"><code>' .. table.concat(
	    common.colour(block.text, language), "\n") .. "</code></pre>"
	if picture then
		code = picture .. "<details><summary>As text</summary>" .. code
		    .. "</details>"
	end
	return pandoc.RawBlock("html", '<figure class="code ' .. (kind or "")
	    .. '">'
	    .. (caption and "<figcaption>" .. caption .. "</figcaption>" or "")
	    .. code .. "</figure>")
end

return common

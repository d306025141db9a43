-- SPDX-License-Identifier: MIT
--
-- chapter.lua - from Markdown to the book's checked tree
--
-- Runs over what check.awk has let through.  Turns boxes into named divisions,
-- links rules to the tests that verify them, quick quizzes to their answers
-- and exercises to their folders, and follows every link: a file or a section
-- that is not there stops the build.  The result is stored as JSON, once, and
-- written as often as there are formats; its links name pages of the site
-- (01-work.html#section, src/ref/object.c.html#L40).

local here = PANDOC_SCRIPT_FILE:match("^(.*)/") or "."
local common = dofile(here .. "/common.lua")
local stringify = pandoc.utils.stringify

local chapter, folder, page, reader, rules, exercises, pages, sources
local text, ids, errors = "", {}, 0

local function complain(where, what, remedy)
	local line, at = 1, text:find(where, 1, true)
	for _ in text:sub(1, (at or 1) - 1):gmatch("\n") do
		line = line + 1
	end
	io.stderr:write(("%s:%d: %s\n    remedy: %s\n"):format(chapter, line,
	    what, remedy))
	errors = errors + 1
end

-- Links -----------------------------------------------------------------------

local headings = {}

-- The identifiers of another page's headings.
local function headings_of(path)
	if not headings[path] then
		local found = {}
		pandoc.read(common.read(path), reader).blocks
		    :walk { Header = function(h) found[h.identifier] = true end }
		headings[path] = found
	end
	return headings[path]
end

-- Does a file have this section, rule or line?
local function has(path, id)
	if path == "tests/rules.md" and rules[id] then
		return true
	elseif path:find("%.md$") then
		return headings_of(path)[id]
	end
	local line = tonumber(id:match("^L(%d+)$"))
	local _, lines = common.read(path):gsub("\n", "")
	return line and line <= lines
end

local function internal(link, id)
	if not ids[id] then
		complain("](#" .. id .. ")", "there is no section #" .. id
		    .. " in this chapter", "mend the link or the heading")
	end
	return link
end

-- Where the test that a link names begins, or nil.
local function line_of_test(path, link)
	local code = #link.content == 1 and link.content[1]
	if not code or code.t ~= "Code" or not path:find("^tests/test_") then
		return nil
	end
	local n = 0
	for line in (common.read(path) or ""):gmatch("(.-)\n") do
		n = n + 1
		if line == "START_TEST(" .. code.text .. ")" then
			return "L" .. n
		end
	end
end

local function relative(link, target, id)
	local path = common.normal(folder .. "/" .. target)
	id = id or line_of_test(path, link)
	local where = "](" .. link.target .. ")"
	local page_there = common.page_of(path)
	local kind = common.exists(path)
	if not kind then
		complain(where, "there is no file " .. path, "mend the link")
	elseif kind == "directory" then
		link.target = "sources.html"
	elseif id and not has(path, id) then
		complain(where, "there is no section or line #" .. id .. " in "
		    .. path, "mend the link or the heading")
	elseif page_there and pages[page_there] then
		link.target = page_there .. ".html" .. (id and "#" .. id or "")
	elseif sources[path] then
		link.target = common.source_page(path) .. (id and "#" .. id or "")
	else
		complain(where, path .. " has no page",
		    "add it to BOOK_SOURCES in the Makefile")
	end
	return link
end

local function follow(link)
	local target, id = link.target:match("^([^#]*)#?(.*)$")
	if link.target:find("^%a+:") then
		return link
	elseif target == "" then
		return internal(link, id)
	end
	return relative(link, target, id ~= "" and id or nil)
end

-- Rules -----------------------------------------------------------------------

local function link_to_rule(id)
	return pandoc.Link(id, (page == "rules" and "" or "rules.html")
	    .. "#" .. id, "", { class = "rule-id" })
end

local function link_to_test(test)
	return pandoc.Link(pandoc.Code(test.name),
	    common.source_page(test.file, test.line))
end

-- "verified by test_a, test_b", or the reason why not.
local function evidence(id)
	local rule, out = rules[id], pandoc.List()
	if rule.state == "untested" then
		out:insert(pandoc.Str "No test yet.")
	elseif rule.reason ~= "" then
		out:extend { pandoc.Str(rule.reason .. ". ") }
	end
	for i, test in ipairs(rule.tests) do
		out:extend { pandoc.Str(i == 1 and "Verified by " or ", "),
		    link_to_test(test) }
	end
	return out
end

-- A rule mentioned in the text becomes a link to the table; so does an
-- erratum, on the page that lists them (tests/sources.sh checks those).
local function mention(word)
	local before, id, after = word.text:match("^(.-)(%u+%-%d+)(.*)$")
	if id and rules[id] and not before:find("%w$") then
		return { pandoc.Str(before), link_to_rule(id),
		    pandoc.Str(after) }
	elseif id and id:find("^ERR%-") and page == "appendix-sources" then
		return { pandoc.Str(before), pandoc.Link(id, "#" .. id, "",
		    { class = "rule-id" }), pandoc.Str(after) }
	end
end

-- But no link within a link, and headings are links already, elsewhere.
local function plain(element)
	element.content = element.content:walk { Link = function(link)
		return link.classes[1] == "rule-id" and link.content or nil
	end }
	return element
end

local mentions = { Str = mention, Link = plain, Header = plain }

-- In the table itself, the first cell gets a name and the last the tests.
local function row_of_rules(row)
	local id = stringify(row.cells[1].contents)
	if not rules[id] then
		return row
	end
	if rules[id].state == "failed" or rules[id].state == "unrun" then
		complain("| " .. id .. " |", "the test of rule " .. id
		    .. (rules[id].state == "failed" and " failed" or
		    " did not run"), "mend the code or the test")
	end
	row.cells[1].contents = { pandoc.Plain {
	    pandoc.Span(id, { id = id, class = "rule-id" }) } }
	row.cells[#row.cells].contents = { pandoc.Plain(evidence(id)) }
	return row
end

local function table_of_rules(tbl)
	if stringify(tbl.head.rows[1].cells[1].contents) ~= "ID" then
		return tbl
	end
	local heads = tbl.head.rows[1].cells
	heads[#heads].contents = { pandoc.Plain "Test, or why none" }
	for _, body in ipairs(tbl.bodies) do
		body.body = pandoc.List(body.body):map(row_of_rules)
	end
	tbl.attr = pandoc.Attr("", { "rules" })
	return tbl
end

-- An erratum has a name in its first cell.
local function table_of_errata(tbl)
	if stringify(tbl.head.rows[1].cells[1].contents) ~= "Erratum" then
		return tbl
	end
	tbl.attr = pandoc.Attr("", { "errata" })
	for _, body in ipairs(tbl.bodies) do
		for _, row in ipairs(body.body) do
			local id = stringify(row.cells[1].contents)
			row.cells[1].contents = { pandoc.Plain {
			    pandoc.Span(id, { id = id, class = "rule-id" }) } }
		end
	end
	return tbl
end

-- Boxes -----------------------------------------------------------------------

local function stars(word)
	local n = 0
	for _ in word.text:gmatch("★") do
		n = n + 1
	end
	if n > 0 then
		return pandoc.Span(word, { class = "stars", role = "img",
		    ["aria-label"] = n .. (n == 1 and " star" or " stars") })
	end
end

local function box(quote)
	local first = quote.content[1]
	local lead = first and first.t == "Para" and first.content[1]
	if not lead or lead.t ~= "Strong" then
		return nil
	end
	local kind, name = stringify(lead):match("^(%u[%l ]*) (%S+)%.$")
	if kind == "Rule" then
		lead.content = { pandoc.Str "Rule ", link_to_rule(name) }
		quote.content:insert(pandoc.Div(pandoc.Para(evidence(name)),
		    { class = "evidence" }))
		return pandoc.Div(quote.content, { id = "rule-" .. name,
		    class = "box rule" })
	elseif kind == "Exercise" then
		local path = exercises[name]
		local command = "make grade EX="
		    .. path:gsub("^exercises/", "")
		quote.content[1] = first:walk { Str = stars }
		quote.content:insert(pandoc.Div(pandoc.Para {
		    pandoc.Code(command) }, { class = "evidence" }))
		return pandoc.Div(quote.content, { id = "exercise-" .. name,
		    class = "box exercise" })
	elseif kind == "Quick quiz" then
		quote.content:insert(pandoc.Div(pandoc.Para { pandoc.Link(
		    "Answer", "#answer-" .. name, "", { ["aria-label"] =
		    "Answer to quick quiz " .. name }) },
		    { class = "evidence" }))
		return pandoc.Div(quote.content, { id = "quiz-" .. name,
		    class = "box quiz" })
	end
end

-- In the section Answers, "**Quick quiz 2.** ..." is the target of its quiz.
local function name_answers(blocks)
	local inside = false
	for i, block in ipairs(blocks) do
		local lead = block.content and block.content[1]
		if block.t == "Header" and block.level == 2 then
			inside = stringify(block) == "Answers"
		elseif inside and block.t == "Para" and lead
		    and lead.t == "Strong" then
			local n = stringify(lead):match("^%D*(%d+)")
			if n then
				lead.content = { pandoc.Link(lead.content,
				    "#quiz-" .. n) }
				blocks[i] = pandoc.Div(block,
				    { id = "answer-" .. n, class = "answer" })
			end
		end
	end
	return blocks
end

-- The whole -------------------------------------------------------------------

local function options(meta)
	chapter = stringify(meta.chapter)
	folder = chapter:match("^(.*)/")
	page = common.page_of(chapter)
	text = common.read(chapter)
	rules = common.rules(stringify(meta.rules))
	reader = stringify(meta.reader)
	exercises = {}
	pages = common.set(stringify(meta.pages))
	sources = common.set(stringify(meta.sources))
	for row in (common.read(stringify(meta.exercises)) or "")
	    :gmatch("[^\n]+") do
		exercises[row:match("^[^\t]+")] = row:match("[^\t]+$")
	end
end

-- The title, without "Chapter 01.", which the number of the folder says.
local function title_of(blocks)
	local first = blocks[1]
	if not first or first.t ~= "Header" or first.level ~= 1 then
		complain("", "the chapter does not begin with its title",
		    "make # Title its first line")
		return { pandoc.Str "?" }
	end
	blocks:remove(1)
	if stringify(first):find("^Chapter %d+[.:] ") then
		return { table.unpack(first.content, 5) }
	end
	return first.content
end

function Pandoc(doc)
	options(doc.meta)
	local title = title_of(doc.blocks)
	doc:walk {
		Header = function(h)
			ids[h.identifier] = true
			if h.level == 1 then
				complain("# " .. stringify(h),
				    "a second title", "make it ## or ###")
			end
		end,
		Table = function(t)
			for _, cell in ipairs(t.head.rows[1].cells) do
				if stringify(cell.contents) == "" then
					complain("| |", "a table with a column that"
					    .. " has no heading", "name the column")
				end
			end
		end,
		Note = function()
			complain("[^", "a footnote", "say it in the text")
		end,
	}
	local blocks = pandoc.Pandoc(doc.blocks):walk { Link = follow }.blocks
	blocks = pandoc.Pandoc(name_answers(blocks))
	    :walk { BlockQuote = box }:walk(mentions)
	if page == "rules" then
		blocks = blocks:walk { Table = table_of_rules }
	elseif page == "appendix-sources" then
		blocks = blocks:walk { Table = table_of_errata }
	end
	if errors > 0 then
		os.exit(1)
	end
	return pandoc.Pandoc(blocks.blocks, { title = title, lang = "en",
	    page = page })
end

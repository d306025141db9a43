-- SPDX-License-Identifier: MIT
--
-- search.lua - from the checked tree to the search index: one line of
-- JavaScript per section, [page, section, title, text, title of the page]

local here = PANDOC_SCRIPT_FILE:match("^(.*)/") or "."
local common = dofile(here .. "/common.lua")
local stringify = pandoc.utils.stringify

local function quote(text)
	return '"' .. text:gsub('[%c"\\]', function(c)
		return c:find("%c") and " " or "\\" .. c
	end):gsub("</", "<\\/") .. '"'
end

function Pandoc(doc)
	local page = stringify(doc.meta.page)
	local out, id, title, words = {}, "", stringify(doc.meta.title), {}
	local function flush()
		local text = table.concat(words, " ")
		out[#out + 1] = ("[%s,%s,%s,%s,%s],"):format(quote(page),
		    quote(id), quote(title), quote(text),
		    quote(stringify(doc.meta.title)))
		words = {}
	end
	for _, block in ipairs(doc.blocks) do
		if block.t == "Header" then
			flush()
			id, title = block.identifier, stringify(block)
		else
			words[#words + 1] = stringify(pandoc.Div(block):walk {
			    CodeBlock = function(b) return pandoc.Para(b.text) end,
			    SoftBreak = function() return pandoc.Space() end,
			    Blocks = function(list)
				for i = #list, 2, -1 do
					list:insert(i, pandoc.Plain " ")
				end
				return list
			    end,
			})
		end
	end
	flush()
	return pandoc.Pandoc(pandoc.RawBlock("html", table.concat(out, "\n")))
end

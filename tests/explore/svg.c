/* svg.c - the interleaving as a drawing */
/* SPDX-License-Identifier: MIT */
/*
 * Time runs downwards, a lane per thread, a dot with the thread's letter per
 * step, and beside it what the step was, so that nothing depends on colour:
 *
 *	thin line	the thread lives
 *	thick line	it runs, undisturbed by others
 *	arrow		this step made that one possible: a signal and the
 *			wake-up, an unlock and the lock, an end and the join
 *	> text		a forced switch: the thread before could have gone on
 *	dashed dot	the thread waits here for ever
 *
 * The width is that of a small telephone, and texts that do not fit beside
 * their place have it below them. The drawing brings its own paper, light or
 * dark as the reader's screen; it has a title, and a description that says
 * the same in words. No scripts, no fonts, no links: the file stands alone.
 */
#include <string.h>

#include "picture.h"

#define WIDTH		390	/* of everything, in px */
#define MARGIN		14
#define LINE		18	/* from one line of text to the next */
#define ROW		24	/* from one step to the next */
#define DOT		8	/* radius */
#define CHAR		7.3	/* width of a character */
#define FAR		8	/* rows: a longer arrow is dotted */

struct drawing {
	FILE *out;
	const struct xp_picture *picture;
	unsigned lane[XP_THREADS];	/* x */
	unsigned text;			/* x */
	unsigned top, bottom;		/* of the lanes: y */
	unsigned id;			/* keeps apart drawings in one page */
};

static void
put(FILE *out, const char *text)
{
	for (; *text != '\0'; text++)
		switch (*text) {
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '&':
			fputs("&amp;", out);
			break;
		default:
			fputc((unsigned char)*text < ' ' || *text > '~' ?
				'?' : *text, out);
		}
}

static bool
is_seen(const struct drawing *d, unsigned thread)
{
	return d->picture->seen >> thread & 1;
}

/* ---- Where things are ---- */

static bool
is_wide(const struct drawing *d, const struct xp_row *row)
{
	size_t length = strlen(row->text) + strlen(row->place) + 2 +
		(row->forced ? 2 : 0);

	return (double)length * CHAR > WIDTH - MARGIN - (double)d->text;
}

static bool
moves_time(const struct drawing *d, unsigned i)
{
	const struct xp_row *rows = d->picture->rows;

	return d->picture->timed && i > 0 && rows[i].time != rows[i - 1].time;
}

/* How much of the height a row takes. */
static unsigned
height(const struct drawing *d, unsigned i)
{
	const struct xp_row *row = &d->picture->rows[i];

	return ROW + (is_wide(d, row) && *row->place ? LINE - 4u : 0u) +
		(moves_time(d, i) ? LINE : 0u);
}

/* The y of the dot of row i. */
static unsigned
row_y(const struct drawing *d, unsigned row)
{
	unsigned y = d->top;

	for (unsigned i = 0; i < row; i++)
		y += height(d, i);
	return y + ROW / 2 + (moves_time(d, row) ? LINE : 0);
}

static void
lay_out(struct drawing *d)
{
	unsigned lanes = 0, step, x = MARGIN;

	for (unsigned t = 0; t < XP_THREADS; t++)
		lanes += is_seen(d, t);
	step = lanes > 5 ? 120 / lanes : 26;
	for (unsigned t = 0; t < XP_THREADS; t++) {
		if (!is_seen(d, t))
			continue;
		d->lane[t] = x;
		x += step;
	}
	d->text = x - step + MARGIN + 4;
	d->top = MARGIN + lanes * LINE + LINE / 2;
	d->bottom = d->top;
	for (unsigned i = 0; i < d->picture->row_count; i++)
		d->bottom += height(d, i);
}

/* ---- Words ---- */

static void
put_description(const struct drawing *d, const struct xp_finding *finding)
{
	fprintf(d->out, "<title id=\"t%x\">Interleaving of a failure: %s"
		"</title>\n<desc id=\"d%x\">", d->id,
		xp_verdict_word(finding->record->verdict), d->id);
	put(d->out, xp_say_finding(finding));
	fputs(". The steps, in order:", d->out);
	for (unsigned i = 0; i < d->picture->row_count; i++) {
		const struct xp_row *row = &d->picture->rows[i];
		const char *after = "";

		if (row->from >= 0)
			after = xp_text(" (possible since step %d)",
				row->from + 1);
		put(d->out, xp_text(" %u. %s: %s%s%s%s.", i + 1,
			xp_say_thread(row->thread), row->text,
			*row->place != '\0' ? " at " : "", row->place,
			after));
	}
	fputs("</desc>\n", d->out);
}

static void
put_head(const struct drawing *d, const struct xp_finding *finding)
{
	unsigned whole = d->bottom + (d->picture->forced ? LINE : 0) + MARGIN;

	fprintf(d->out, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
		"width=\"%d\" height=\"%u\" viewBox=\"0 0 %d %u\"\n"
		" role=\"img\" aria-labelledby=\"t%x d%x\">\n",
		WIDTH, whole, WIDTH, whole, d->id, d->id);
	put_description(d, finding);
	fprintf(d->out, "<style>\n"
		"#s%x { color: #1b1f24; }\n#s%x .paper { fill: #ffffff; }\n"
		"@media (prefers-color-scheme: dark) {\n"
		"#s%x { color: #e6e8eb; }\n#s%x .paper { fill: #15181c; }\n}\n"
		"</style>\n", d->id, d->id, d->id, d->id);
	fprintf(d->out, "<g id=\"s%x\" font-family=\"ui-monospace, Menlo, "
		"Consolas, monospace\" font-size=\"12\" "
		"fill=\"currentColor\" stroke=\"none\">\n<rect class=\"paper\" "
		"fill=\"#ffffff\" width=\"%d\" height=\"%u\"/>\n",
		d->id, WIDTH, whole);
	fprintf(d->out, "<defs><marker id=\"a%x\" markerWidth=\"8\" "
		"markerHeight=\"8\" refX=\"%d\" refY=\"4\" orient=\"auto\" "
		"markerUnits=\"userSpaceOnUse\"><path d=\"M0 0L8 4L0 8z\" "
		"fill=\"currentColor\"/></marker></defs>\n", d->id,
		8 + DOT + 1);
}

/* ---- Shapes ---- */

static void
put_line(const struct drawing *d, unsigned x, unsigned from, unsigned to,
	const char *style)
{
	fprintf(d->out, "<path d=\"M%u %uV%u\" stroke=\"currentColor\" "
		"fill=\"none\" %s/>\n", x, from, to, style);
}

static void
put_dot(const struct drawing *d, unsigned thread, unsigned y, bool dashed)
{
	unsigned x = d->lane[thread];

	fprintf(d->out, "<circle class=\"paper\" fill=\"#ffffff\" cx=\"%u\" "
		"cy=\"%u\" r=\"%d\" stroke=\"currentColor\" "
		"stroke-width=\"1.5\"%s/><text x=\"%u\" y=\"%u\" "
		"font-size=\"11\" text-anchor=\"middle\">%c</text>\n", x, y,
		DOT, dashed ? " stroke-dasharray=\"3 2\"" : "", x, y + 4,
		xp_letter(thread));
}

/* The thread's life, from its first row to its last or to the bottom. */
static void
put_lane(const struct drawing *d, unsigned thread)
{
	const struct xp_picture *p = d->picture;
	unsigned first = p->row_count, last = 0;

	for (unsigned i = 0; i < p->row_count; i++) {
		if (p->rows[i].thread != thread)
			continue;
		first = i < first ? i : first;
		last = i;
	}
	put_line(d, d->lane[thread], row_y(d, first), row_y(d, last),
		"stroke-width=\"1\"");
	for (unsigned i = first; i < last; i++)
		if (p->rows[i].thread == thread &&
			p->rows[i + 1].thread == thread &&
			!moves_time(d, i + 1))
			put_line(d, d->lane[thread], row_y(d, i),
				row_y(d, i + 1), "stroke-width=\"4\"");
}

static void
put_arrows(const struct drawing *d)
{
	for (unsigned i = 0; i < d->picture->row_count; i++) {
		const struct xp_row *row = &d->picture->rows[i], *from;

		if (row->from < 0)
			continue;
		from = &d->picture->rows[row->from];
		if (from->thread == row->thread)
			continue;
		fprintf(d->out, "<path d=\"M%u %uL%u %u\" stroke-width=\"1.5\" "
			"%sstroke=\"currentColor\" "
			"marker-end=\"url(#a%x)\"/>\n",
			d->lane[from->thread], row_y(d, (unsigned)row->from),
			d->lane[row->thread], row_y(d, i),
			i > FAR + (unsigned)row->from ?
			"stroke-dasharray=\"1 5\" " : "", d->id);
	}
}

static void
put_row(const struct drawing *d, unsigned i)
{
	const struct xp_row *row = &d->picture->rows[i];
	unsigned y = row_y(d, i);
	bool below = is_wide(d, row);

	if (moves_time(d, i))
		fprintf(d->out, "<path d=\"M%u %uH%d\" stroke=\"currentColor\" "
			"stroke-dasharray=\"1 4\"/><text x=\"%d\" y=\"%u\" "
			"text-anchor=\"end\" font-size=\"11\">%s</text>\n",
			d->text, y - ROW + 2, WIDTH - MARGIN - 80,
			WIDTH - MARGIN, y - ROW + 6, xp_say_time(row->time));
	if (row->folded == 0)
		put_dot(d, row->thread, y, row->last &&
			d->picture->record->verdict == XP_DEADLOCK);
	fprintf(d->out, "<text x=\"%u\" y=\"%u\"%s>", d->text, y + 4,
		row->last ? " font-weight=\"bold\"" : "");
	put(d->out, row->forced ? "> " : "");
	put(d->out, row->text);
	fprintf(d->out, "</text>");
	if (*row->place != '\0')
		fprintf(d->out, "<text x=\"%d\" y=\"%u\" font-size=\"11\" "
			"text-anchor=\"end\">%s</text>", WIDTH - MARGIN,
			y + 4 + (below ? LINE - 4 : 0), row->place);
	fputc('\n', d->out);
}

static void
draw(const struct drawing *d, const struct xp_finding *finding)
{
	unsigned y = MARGIN + DOT / 2;

	put_head(d, finding);
	for (unsigned t = 0; t < XP_THREADS; t++) {
		if (!is_seen(d, t))
			continue;
		fprintf(d->out, "<text x=\"%d\" y=\"%u\">%c = ", MARGIN - DOT,
			y, xp_letter(t));
		put(d->out, xp_say_thread(t));
		fputs("</text>\n", d->out);
		y += LINE;
		put_lane(d, t);
	}
	put_arrows(d);
	for (unsigned i = 0; i < d->picture->row_count; i++)
		put_row(d, i);
	if (d->picture->forced)
		fprintf(d->out, "<text x=\"%d\" y=\"%u\" font-size=\"11\">"
			"&gt; forced switch: the thread before could have "
			"gone on</text>\n", MARGIN - DOT, d->bottom + LINE);
	fputs("</g>\n</svg>\n", d->out);
}

/* See inner.h. */
void
xp_report_svg(const struct xp_finding *finding, const char *file)
{
	struct xp_picture picture;
	struct drawing d = { .out = fopen(file, "w"), .picture = &picture };

	if (d.out == NULL) {
		perror(file);
		return;
	}
	for (const char *p = file; *p != '\0'; p++)
		d.id = d.id * 31 + (unsigned char)*p;
	xp_picture_begin(&picture, finding);
	lay_out(&d);
	if (picture.rows != NULL)
		draw(&d, finding);
	xp_picture_end(&picture);
	fclose(d.out);
}

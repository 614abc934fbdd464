package lessons

import (
	"strings"
	"testing"
)

func TestMarkdown(t *testing.T) {
	for _, test := range []struct{ name, source, want string }{
		{"inline formula", `so $a_i * b_i * \{c\}$ it is`,
			`<p>so <tex-math data-display="false">a_i * b_i * \{c\}</tex-math> it is</p>`},
		{"other inline delimiters", `so \(a_i\) it is`,
			`<p>so <tex-math data-display="false">a_i</tex-math> it is</p>`},
		{"block formula", "so\n\n$$\n\\frac{a}{b} \\\\ c_1^*c_2^*\n$$\n\nit is",
			"<p>so</p>\n<tex-math data-display=\"true\">\\frac{a}{b} \\\\ c_1^*c_2^*</tex-math>\n<p>it is</p>"},
		{"other block delimiters", `so \[a\] it is`,
			"<p>so </p>\n<tex-math data-display=\"true\">a</tex-math>\n<p> it is</p>"},
		{"HTML in a formula", `$a<b & c>d "</span><script>"$`,
			`<p><tex-math data-display="false">a&lt;b &amp; c&gt;d &quot;&lt;/span&gt;&lt;script&gt;&quot;</tex-math></p>`},
		{"HTML in a block formula", `$$<img src=x onerror=alert(1)>$$`,
			`<tex-math data-display="true">&lt;img src=x onerror=alert(1)&gt;</tex-math>`},
		{"formula in a table", "| a |\n| --- |\n| $x_1$ |",
			"<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td><tex-math data-display=\"false\">x_1</tex-math></td>\n</tr>\n</tbody>\n</table>"},
		{"formula in code", "`$a_i$`", "<p><code>$a_i$</code></p>"},
		{"a dollar sign", `costs \$5`, `<p>costs $5</p>`},
		{"one dollar sign", `costs $5`, `<p>costs $5</p>`},

		{"script", "<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"},
		{"script in a line", "so <script>alert(1)</script> it is", "<p>so &lt;script&gt;alert(1)&lt;/script&gt; it is</p>"},
		{"HTML block", "<div onclick=\"x()\">\nhere\n</div>", "<p>&lt;div onclick=&quot;x()&quot;&gt;\nhere\n&lt;/div&gt;</p>"},
		{"comment", "so <!-- hidden --> it is", "<p>so &lt;!-- hidden --&gt; it is</p>"},
		{"entity", "&lt;b&gt; &amp; <b>", "<p>&lt;b&gt; &amp; &lt;b&gt;</p>"},
		{"code", "`<b>`", "<p><code>&lt;b&gt;</code></p>"},
		{"script link", "[x](javascript:alert(1))", `<p><a href="">x</a></p>`},
		{"script link in capitals", "[x](JaVaScRiPt:alert(1))", `<p><a href="">x</a></p>`},
		{"script link by entity", "[x](&#106;avascript:alert(1))", `<p><a href="">x</a></p>`},
		{"script link by reference", "[x][y]\n\n[y]: javascript:alert(1)", `<p><a href="">x</a></p>`},
		{"data link", "[x](data:text/html,<script>alert(1)</script>)", `<p><a href="">x</a></p>`},
		{"script image", "![x](javascript:alert(1))", `<p><img src="" alt="x"></p>`},
		{"script in angles", "<javascript:alert(1)>", `<p><a href="">javascript:alert(1)</a></p>`},
		{"attributes", "# x {onclick=alert(1)}", `<h1>x {onclick=alert(1)}</h1>`},

		{"link", "[x](https://example.org/?a=1&b=2 \"t\")", `<p><a href="https://example.org/?a=1&amp;b=2" title="t">x</a></p>`},
		{"bare link", "see https://example.org/a", `<p>see <a href="https://example.org/a">https://example.org/a</a></p>`},
		{"no inline style", "| a |\n| :-: |", "<table>\n<thead>\n<tr>\n<th align=\"center\">a</th>\n</tr>\n</thead>\n</table>"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := markdownHTML([]byte(test.source))
			if err != nil {
				t.Fatal(err)
			}
			if got = strings.TrimSpace(got); got != test.want {
				t.Errorf("%s\n got %s\nwant %s", test.source, got, test.want)
			}
		})
	}
}

// Whatever an author writes, no element but Markdown's own reaches the page.
func FuzzMarkdown(f *testing.F) {
	for _, seed := range []string{"<script>", "$<script>$", "$$\n<script>\n$$", "[a](javascript:b)", "`<script>`", "\\(<img onerror=x>\\)", "## a\n<b>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		whole, err := markdownHTML([]byte(source))
		if err != nil {
			t.Skip()
		}
		sections, err := markdownSections([]byte(source))
		if err != nil {
			t.Fatalf("as a whole it converts, by sections: %v", err)
		}
		all := []string{whole}
		for _, s := range sections {
			all = append(all, s.html)
		}
		for _, out := range all {
			low := strings.ToLower(out)
			for _, bad := range []string{"<script", "<iframe", "<style", "<object", "<b>", ` href="javascript`, `<img onerror`} {
				if strings.Contains(low, bad) {
					t.Errorf("%q gives %q, which holds %s", source, out, bad)
				}
			}
		}
	})
}

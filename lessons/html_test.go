package lessons

import (
	"strings"
	"testing"
)

// What is written while the site runs is as safe as a lesson, and needs no style sheet of its own.
func TestHTML(t *testing.T) {
	for _, test := range []struct{ name, source, contains string }{
		{"formula", `so $a_i$ it is`, `<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics>`},
		{"formula that stands alone", "$$\n\\frac{a}{b}\n$$", `display="block"`},
		{"refused formula", `so $\wrong{<b>$ it is`, `<p>so <code>\wrong{&lt;b&gt;</code> it is</p>`},
		{"code", "```go\nx := \"<b>\"\n```", `<pre><code class="language-go">x := &quot;&lt;b&gt;&quot;`},
		{"script", `<script>alert(1)</script>`, `&lt;script&gt;alert(1)&lt;/script&gt;`},
		{"script in a link", `[x](javascript:alert(1))`, `<a href="">x</a>`},
		{"script in a picture", `![x](javascript:alert(1) "onerror=y")`, `<img src="" alt="x"`},
		{"link out of a formula", `$\href{javascript:alert(1)}{x}$`, `<mtext>\href</mtext>`},
		{"style in a formula", `$\color{red}{x} \rule{9em}{9em}$`, `<math`},
	} {
		got, err := HTML(test.source)
		if err != nil || !strings.Contains(got, test.contains) {
			t.Errorf("%s: got %s, %v; want %s in it", test.name, got, err, test.contains)
		}
		for _, never := range []string{"<script", " style=", "href=\"javascript", " onerror=\"", "katex-html"} {
			if strings.Contains(got, never) {
				t.Errorf("%s: %s holds %s", test.name, got, never)
			}
		}
	}
	if _, err := HTML(strings.Repeat("*a", maxBlock)); err == nil {
		t.Error("a text beyond the bounds is converted")
	}
}

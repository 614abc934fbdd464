package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func testTree(t *testing.T, files map[string]string) *tree {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, body := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(body)}
	}
	tr, err := load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func get(h http.Handler, method, url string, header ...string) *http.Response {
	r := httptest.NewRequest(method, url, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func TestServe(t *testing.T) {
	long := strings.Repeat("export const depth = 20;\n", 100)
	tr := testTree(t, map[string]string{"js/app.js": long, "css/a.css": "a{}", "f/x.woff2": long, "l/LICENSE": "MIT", ".keep": ""})
	at := func(name string) string { return "/static/" + tr.hash + "/" + name }
	const gz = "gzip, deflate, br"
	for _, c := range []struct {
		name, method, url, accept string
		status                    int
		contentType, cache, coded string
	}{
		{"current hash", "GET", at("js/app.js"), "", 200, "text/javascript; charset=utf-8", cacheImmutable, ""},
		{"gzip", "GET", at("js/app.js"), gz, 200, "text/javascript; charset=utf-8", cacheImmutable, "gzip"},
		{"head", "HEAD", at("js/app.js"), gz, 200, "text/javascript; charset=utf-8", cacheImmutable, "gzip"},
		{"gzip refused", "GET", at("js/app.js"), "gzip;q=0, *", 200, "text/javascript; charset=utf-8", cacheImmutable, ""},
		{"gzip would grow it", "GET", at("css/a.css"), gz, 200, "text/css; charset=utf-8", cacheImmutable, ""},
		{"already compressed", "GET", at("f/x.woff2"), gz, 200, "font/woff2", cacheImmutable, ""},
		{"no extension", "GET", at("l/LICENSE"), "", 200, "text/plain; charset=utf-8", cacheImmutable, ""},
		{"old hash", "GET", "/static/0123456789ab/js/app.js", "", 200, "text/javascript; charset=utf-8", cacheOtherHash, ""},
		{"unknown file", "GET", at("js/none.js"), "", 404, "text/plain; charset=utf-8", "", ""},
		{"folder", "GET", at("js/"), "", 404, "text/plain; charset=utf-8", "", ""},
		{"root", "GET", at(""), "", 404, "text/plain; charset=utf-8", "", ""},
		{"no hash", "GET", "/static/js/app.js", "", 404, "text/plain; charset=utf-8", "", ""},
		{"climbing", "GET", at("js/../../../go.mod"), "", 404, "text/plain; charset=utf-8", "", ""},
		{"hidden file", "GET", at(".keep"), "", 404, "text/plain; charset=utf-8", "", ""},
		{"post", "POST", at("js/app.js"), "", 405, "text/plain; charset=utf-8", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			res := get(tr, c.method, c.url, "Accept-Encoding", c.accept)
			if res.StatusCode != c.status {
				t.Errorf("status: got %d, want %d", res.StatusCode, c.status)
			}
			for header, want := range map[string]string{"Content-Type": c.contentType, "Cache-Control": c.cache, "Content-Encoding": c.coded} {
				if got := res.Header.Get(header); got != want {
					t.Errorf("%s: got %q, want %q", header, got, want)
				}
			}
			if c.status == 200 && res.Header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("Vary: got %q, want Accept-Encoding", res.Header.Get("Vary"))
			}
		})
	}
}

func TestGzipCopyUnpacksToTheFile(t *testing.T) {
	want := strings.Repeat("let y = Math.tanh(w * x);\n", 200)
	tr := testTree(t, map[string]string{"a.js": want})
	res := get(tr, "GET", "/static/"+tr.hash+"/a.js", "Accept-Encoding", "gzip")
	packed, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := res.ContentLength; got != int64(len(packed)) || got >= int64(len(want)) {
		t.Errorf("Content-Length: got %d, want the %d bytes sent, fewer than %d", got, len(packed), len(want))
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(z); err != nil || string(got) != want {
		t.Errorf("unpacked: got %d bytes, error %v; want the file's %d", len(got), err, len(want))
	}
}

func TestConditionalRequest(t *testing.T) {
	tr := testTree(t, map[string]string{"a.js": strings.Repeat("x", 1000)})
	url := "/static/" + tr.hash + "/a.js"
	plain, packed := get(tr, "GET", url).Header.Get("ETag"), get(tr, "GET", url, "Accept-Encoding", "gzip").Header.Get("ETag")
	if plain == "" || plain == packed {
		t.Fatalf("ETags: got %q plain and %q packed, want two", plain, packed)
	}
	if got := get(tr, "GET", url, "If-None-Match", plain).StatusCode; got != http.StatusNotModified {
		t.Errorf("own ETag: got status %d, want 304", got)
	}
	if got := get(tr, "GET", url, "If-None-Match", packed).StatusCode; got != http.StatusOK {
		t.Errorf("the other coding's ETag: got status %d, want 200", got)
	}
}

func TestHashCoversNamesAndContents(t *testing.T) {
	base := map[string]string{"a.js": "1", "b.js": "2"}
	want := testTree(t, base).hash
	if got := testTree(t, base).hash; got != want {
		t.Errorf("same files: got %s, want %s", got, want)
	}
	for what, files := range map[string]map[string]string{
		"changed content": {"a.js": "1", "b.js": "3"},
		"swapped":         {"a.js": "2", "b.js": "1"},
		"renamed":         {"a.js": "1", "c.js": "2"},
		"added":           {"a.js": "1", "b.js": "2", "c.js": ""},
	} {
		if got := testTree(t, files).hash; got == want {
			t.Errorf("%s: the hash stayed %s", what, got)
		}
	}
}

func TestAcceptsGzip(t *testing.T) {
	for header, want := range map[string]bool{
		"": false, "gzip": true, "GZIP": true, "br, gzip;q=0.5": true, "gzip;q=0": false, "gzip; q=0.000": false,
		"*": true, "*;q=0": false, "gzip;q=0, *": false, "*;q=0, gzip": true, "identity": false, "gzip;q=oops": false, "gzipped": false,
	} {
		if got := acceptsGzip([]string{header}); got != want {
			t.Errorf("acceptsGzip(%q): got %v, want %v", header, got, want)
		}
	}
}

func TestPath(t *testing.T) {
	url := Path("vendor/echarts/echarts.min.js")
	if want := "/static/" + assets().hash + "/vendor/echarts/echarts.min.js"; url != want {
		t.Errorf("Path: got %s, want %s", url, want)
	}
	if res := get(Handler(), "GET", url); res.StatusCode != 200 {
		t.Errorf("GET %s: got %d, want 200", url, res.StatusCode)
	}
	defer func() {
		if got, want := recover(), `static: Path: no file "js/none.js" is embedded`; got != want {
			t.Errorf("unknown file: got panic %v, want %s", got, want)
		}
	}()
	Path("js/none.js")
}

func TestFavicon(t *testing.T) {
	res := get(Favicon(), "GET", "/favicon.ico")
	if got, want := res.Header.Get("Content-Type"), "image/svg+xml"; res.StatusCode != 200 || got != want {
		t.Errorf("got %d %s, want 200 %s", res.StatusCode, got, want)
	}
}

// reference finds what a style sheet or module loads: url(…), import '…', import … from '…', import('…').
var reference = regexp.MustCompile(`url\(['"]?([^'")]+)['"]?\)|(?:from|import)\s*\(?['"]([^'"]+)['"]`)

// Every relative reference must lead to an embedded file and none may leave our origin: the Content-Security-Policy
// would block it, and a lecture hall may have no network.
func TestReferencesResolve(t *testing.T) {
	files, checked := assets().files, 0
	for name, f := range files {
		ext := path.Ext(name)
		if ext != ".css" && ext != ".js" || strings.HasSuffix(name, ".min.js") {
			continue
		}
		for _, m := range reference.FindAllSubmatch(f.body, -1) {
			ref := string(m[1]) + string(m[2])
			if strings.HasPrefix(ref, "#") || strings.HasPrefix(ref, "data:") {
				continue
			}
			checked++
			if target := path.Join(path.Dir(name), ref); strings.Contains(ref, "//") || files[target] == nil {
				t.Errorf("%s loads %q: no file %s is embedded", name, ref, target)
			}
		}
	}
	if checked == 0 {
		t.Error("no reference was found at all")
	}
}

func TestVendoredCodeNeedsNoEval(t *testing.T) {
	evals := regexp.MustCompile(`new Function\(|[^\w.]eval\(`)
	for name, f := range assets().files {
		if got := evals.Find(f.body); path.Ext(name) == ".js" && got != nil {
			t.Errorf("%s has %s: the Content-Security-Policy forbids it", name, got)
		}
	}
}

func TestEveryVendoredFolderHasItsLicence(t *testing.T) {
	dirs, err := fs.ReadDir(embedded, "vendor")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dirs {
		found, err := fs.Glob(embedded, "vendor/"+d.Name()+"/LICENSE*")
		if err != nil || len(found) == 0 {
			t.Errorf("vendor/%s: got no LICENSE file (error %v), want one", d.Name(), err)
		}
	}
}

package handlers

import (
	"fmt"
	"strings"
	"testing"

	"gradlab/static"
)

// What the site keeps is what it would compute, for every visitor.
func TestLabAnswersAreKept(t *testing.T) {
	site := newSite(t)
	for _, path := range []string{"/api/chain?depth=7", "/labs/chain/board?depth=7", "/api/train?steps=3", "/labs/train/board?steps=3", "/api/graph", "/api/kernels", "/labs/kernels/board"} {
		first, second := site.do(t, site.client(t), "GET", path, nil), site.do(t, site.client(t), "GET", path, nil)
		if first.status != 200 || first.body != second.body || first.header.Get("Content-Type") != second.header.Get("Content-Type") || second.header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: %d %.100s, then %d %.100s", path, first.status, first.body, second.status, second.body)
		}
		if id := second.header.Get("X-Request-Id"); id == "" || id == first.header.Get("X-Request-Id") {
			t.Errorf("%s: request id %q twice", path, id)
		}
	}
}

// What is sent depends on the header, and says so. A weight of 0 is a no (RFC 9110, section 12.5.3); what is not understood is one, too.
func TestAcceptedEncodings(t *testing.T) {
	site := newSite(t)
	for header, want := range map[string]string{
		"": "", "gzip": "gzip", "GZIP": "gzip", "gzip;q=0": "", "gzip; q=0.000": "", "gzip;q=0.001": "gzip", "br, gzip;q=0.5": "gzip", "br": "", "zstd, gzip": "gzip",
		"gzip;q=0, *": "", "*, gzip;q=0": "", "gzipped": "", "gzip;q=x": "", "deflate, br": "", "zstd": "",
	} {
		for _, method := range []string{"GET", "HEAD"} {
			got := site.do(t, site.client(t), method, "/lessons", nil, "Accept-Encoding", header)
			want := want
			if method == "HEAD" {
				want = "" // nothing is sent
			}
			if coding, vary := got.header.Get("Content-Encoding"), got.header.Values("Vary"); got.status != 200 || coding != want || len(vary) != 1 || vary[0] != "Accept-Encoding" {
				t.Errorf("%s with %q: status %d, encoding %q, Vary %q, want %q", method, header, got.status, coding, vary, want)
			}
		}
	}
	if vary := site.do(t, site.client(t), "GET", "/api/graph", nil, "Accept-Encoding", "gzip").header.Values("Vary"); strings.Join(vary, ", ") != "Accept-Encoding, Accept" {
		t.Errorf("the graph, of which there are two kinds: Vary %q", vary)
	}
}

// Static files have copies that were compressed beforehand; a part of one is a part of that copy.
func TestStaticFilesAreCompressedBeforehand(t *testing.T) {
	site := newSite(t)
	file := func(method string, headers ...string) answer {
		t.Helper()
		return site.do(t, site.client(t), method, static.Path("js/class.js"), nil, append(headers, "Accept-Encoding", "gzip")...)
	}
	whole, head, part := file("GET"), file("HEAD"), file("GET", "Range", "bytes=0-99")
	for _, got := range []answer{whole, head, part} {
		if got.header.Get("Content-Encoding") != "gzip" || !strings.HasSuffix(got.header.Get("Etag"), `-gz"`) || len(got.header.Values("Vary")) != 1 {
			t.Errorf("headers %v", got.header)
		}
	}
	if head.status != 200 || head.header.Get("Content-Length") != fmt.Sprint(len(whole.body)) {
		t.Errorf("HEAD: status %d, length %s; want that of %d bytes", head.status, head.header.Get("Content-Length"), len(whole.body))
	}
	if part.status != 206 || part.body != whole.body[:100] {
		t.Errorf("a part: status %d, %d bytes", part.status, len(part.body))
	}
	if again := file("GET", "If-None-Match", whole.header.Get("Etag")); again.status != 304 || again.body != "" {
		t.Errorf("a file that the browser has: status %d", again.status)
	}
}

package handlers

import (
	"fmt"
	"net/http/httptest"
	"testing"
)

// BenchmarkOwn is what a request takes that computes itself, outside the runs' schedule: the dearest of each kind, as a browser
// asks for it. No two are the same, so none is answered from what is kept.
func BenchmarkOwn(b *testing.B) {
	const (
		chain   = "depth=100&dtype=float64&spread=0.5&activation=gelu&w=1.01&layer=1&check=on"
		own25   = "1,2,3,4,5,6,7,8,9,1,2,3,4,5,6,7,8,9,1,2,3,4,5,6,7"
		own9    = "1,2,3,4,5,6,7,8,9"
		stacked = "&activation=gelu&activation2=gelu&activation3=gelu&padding=2&padding2=2&padding3=2&stage=3"
	)
	kernels := "kernel=custom&kernel2=custom&kernel3=custom&weights=" + own9 + "&weights2=" + own9 + "&weights3=" + own9 + stacked
	kernels25 := "kernel=custom&kernel2=custom&kernel3=custom&weights=" + own25 + "&weights2=" + own25 + "&weights3=" + own25 + stacked
	for _, path := range []string{
		"/labs/chain?" + chain + "&seed=%d",
		"/labs/chain?depth=6&spread=0.5&layer=1&check=on&seed=%d",
		"/labs/chain/board?" + chain + "&seed=%d",
		"/labs/chain/picture.svg?depth=100&spread=0.5&seed=%d",
		"/api/chain?depth=100&spread=0.5&seed=%d",
		"/api/graph?depth=100&spread=0.5&seed=%d",
		"/export/chain.ipynb?depth=100&spread=0.5&seed=%d",
		"/export/chain.csv?depth=100&spread=0.5&seed=%d",
		"/labs/kernels?" + kernels + "&garment=%d",
		"/labs/kernels?" + kernels25 + "&garment=%d",
		"/labs/kernels/board?" + kernels + "&garment=%d",
		"/labs/kernels/pixel?" + kernels + "&garment=%d",
		"/api/kernels?" + kernels + "&garment=%d",
		"/export/kernels.csv?" + kernels + "&garment=%d",
		"/export/kernels.ipynb?" + kernels + "&garment=%d",
		"/labs/barcode?depth=100&width=128&seed=%d",
		"/labs/barcode/board?seed=%d",
		"/labs/barcode/board?net=deep&n=9&seed=%d",
		"/api/barcode?net=deep&seed=%d",
		"/labs/transformer?seed=%d",
		"/labs/stream?tokens=32&seed=%d",
		"/labs/stream/board?layers=19&seed=%d",
		"/api/stream?tokens=32&seed=%d",
		"/export/stream.csv?tokens=32&seed=%d",
		"/api/network?net=deep&n=18&count=8&batch=8&seed=%d",
		"/labs/train?net=deep&n=18&count=8&batch=8&seed=%d",
		"/labs/train/board?net=mlp&depth=100&count=8&batch=8&seed=%d",
		"/labs/sweep?show=loss&seed=%d",
		"/labs/sweep?seed=%d",
		"/lessons/the-chain?seed=%d",
		"/about/core?op=conv2d&n=%d",
		"/search?q=%d",
	} {
		b.Run(path[1:min(len(path), 30)], func(b *testing.B) {
			site := newSite(b)
			handler := site.Config.Handler
			n, size := 0, 0
			b.ReportAllocs()
			for b.Loop() {
				n++
				r := httptest.NewRequest("GET", fmt.Sprintf(path, n), nil)
				r.Header.Set("Accept-Encoding", "gzip")
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, r)
				if w.Code != 200 {
					b.Fatalf("%d: %.300s", w.Code, w.Body)
				}
				size = w.Body.Len()
			}
			b.ReportMetric(float64(size), "bytes")
		})
	}
}

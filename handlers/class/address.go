package class

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/skip2/go-qrcode"

	"gradlab/handlers/web"
	"gradlab/views"
)

// addresses are those by which students can open a path of the site, the likeliest first; loopback says that there is
// none, since the server answers this computer alone. The operator's word wins; then the address by which the teacher
// came, unless it is this computer's own name for itself: then those of its network interfaces.
func (s *Pages) addresses(r *http.Request, path string) (found []views.ClassAddress, loopback bool) {
	scheme := "http://"
	if web.Encrypted(r) {
		scheme = "https://"
	}
	add := func(base string) {
		_, short, _ := strings.Cut(base+path, "://")
		found = append(found, views.ClassAddress{Short: short, URL: base + path})
	}
	if s.publicURL != "" {
		add(strings.TrimSuffix(s.publicURL, "/"))
		return found, false
	}
	if host := hostname(r.Host); !isLoopback(host) {
		add(scheme + r.Host)
		return found, false
	}
	local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if s.listening == nil || isLoopback(hostname(s.listening.String())) {
		add(scheme + r.Host)
		return found, true
	}
	_, port, _ := net.SplitHostPort(s.listening.String())
	if tcp, ok := local.(*net.TCPAddr); ok && port == "" {
		port = fmt.Sprint(tcp.Port)
	}
	for _, ip := range networkAddresses() {
		add(scheme + net.JoinHostPort(ip, port))
	}
	if len(found) == 0 {
		add(scheme + r.Host)
		return found, true
	}
	return found, false
}

func hostname(hostport string) string {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		return strings.Trim(hostport, "[]")
	}
	return host
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

// networkAddresses are the IPv4 addresses that others on the network can reach this computer by, private ones first.
func networkAddresses() []string {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var private, public []string
	for _, a := range all {
		n, ok := a.(*net.IPNet)
		if !ok || n.IP.To4() == nil || !n.IP.IsGlobalUnicast() {
			continue
		}
		if n.IP.IsPrivate() {
			private = append(private, n.IP.String())
		} else {
			public = append(public, n.IP.String())
		}
	}
	return append(private, public...)
}

// QR draws the address of a class as a QR code, for whoever is in the class.
func (s *Pages) QR(w http.ResponseWriter, r *http.Request) error {
	c, err := s.classAt(r, 0)
	if err != nil {
		return err
	}
	found, _ := s.addresses(r, "/class/"+c.Code)
	code, err := qrcode.New(found[0].URL, qrcode.Medium)
	if err != nil {
		return fmt.Errorf("draw QR code: %w", err)
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Write(qrSVG(code.Bitmap()))
	return nil
}

// qrSVG draws the dark modules as one path, black on white in every theme: cameras want it so.
func qrSVG(modules [][]bool) []byte {
	var b bytes.Buffer
	n := len(modules)
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><rect width="%d" height="%d" fill="#fff"/><path fill="#000" d="`, n, n, n, n)
	for y, row := range modules {
		for x := 0; x < n; x++ {
			start := x
			for x < n && row[x] {
				x++
			}
			if x > start {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", start, y, x-start, x-start)
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return b.Bytes()
}

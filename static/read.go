package static

import "fmt"

// Read returns an embedded file, by the name that Path takes, for what reads it other than a browser.
func Read(name string) ([]byte, error) {
	b, err := embedded.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("static: %w", err)
	}
	return b, nil
}

package classroom

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
)

// letters are those of a code: no two that look or sound alike on a projector (0 O, 1 I L, 2 Z, 5 S, 8 B, U V).
const letters = "ACDEFGHJKMNPQRTUWXY34679"

// codeLength makes 24⁷ = 4.6·10⁹ codes. With 250 wrong ones a second, which is the most that a server lets all visitors try
// together, the first of a hundred open classes is found after 24⁷ / 101 tries on average (the first of k marked ones among N lies at
// (N + 1) / (k + 1)), which take 50 hours; a class is open for twelve. And a code only lets one join as a student.
const codeLength = 7

// NewCode returns a random code of so many letters. Bytes beyond a multiple of the letters are drawn again, so that none is likelier.
func NewCode(length int) string {
	code := make([]byte, 0, length)
	for len(code) < length {
		var b [1]byte
		rand.Read(b[:])
		if int(b[0]) < 256/len(letters)*len(letters) {
			code = append(code, letters[int(b[0])%len(letters)])
		}
	}
	return string(code)
}

// ParseCode reads a class's code as people type it. It is false for what no code looks like.
func ParseCode(text string) (string, bool) { return TypedCode(text, codeLength) }

// TypedCode reads a code of so many letters as people type it: in any case, with spaces or hyphens. It is false for what none looks like.
func TypedCode(text string, length int) (string, bool) {
	if len(text) > 40 {
		return "", false
	}
	code := strings.ToUpper(strings.Map(func(c rune) rune {
		if c == ' ' || c == '-' || c == '–' || c == '\u00a0' {
			return -1
		}
		return c
	}, text))
	if len(code) != length || strings.Trim(code, letters) != "" {
		return "", false
	}
	return code, true
}

// SpellCode is a code as it is shown: KXR-47QT.
func SpellCode(code string) string {
	if len(code) != codeLength {
		return code
	}
	return code[:3] + "-" + code[3:]
}

// secret returns n random bytes as text that fits into an address.
func secret(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails, by its documentation
	return base64.RawURLEncoding.EncodeToString(b)
}

func hash(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// Holds says whether a key is the teacher's. It takes the same time for every wrong one.
func (c Class) Holds(key string) bool {
	return key != "" && subtle.ConstantTimeCompare([]byte(hash(key)), []byte(c.KeyHash)) == 1
}

// WallKey is the key for the wall that goes with the teacher's key. It tells nothing of that one.
func (c Class) WallKey(key string) string {
	sum := sha256.Sum256([]byte("wall " + strconv.Itoa(c.Walls) + " " + key))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// ShowsWall says whether a key is that of the wall.
func (c Class) ShowsWall(key string) bool {
	return key != "" && subtle.ConstantTimeCompare([]byte(hash(key)), []byte(c.WallHash)) == 1
}

// NewMember returns a member with an id of its own.
func NewMember(nickname string) Member { return Member{ID: secret(9), Nickname: nickname} }

package torchrand

// Sizes and constants of mt19937 (Matsumoto and Nishimura 1998).
const (
	mtSize   = 624
	mtMiddle = 397
)

// mersenne is the 32-bit Mersenne twister that PyTorch seeds with init_genrand.
type mersenne struct {
	state [mtSize]uint32
	index int
}

func (m *mersenne) seed(s uint32) {
	m.state[0] = s
	for i := 1; i < mtSize; i++ {
		previous := m.state[i-1]
		m.state[i] = 1812433253*(previous^previous>>30) + uint32(i)
	}
	m.index = mtSize
}

func (m *mersenne) next() uint32 {
	if m.index == mtSize {
		m.twist()
	}
	y := m.state[m.index]
	m.index++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

// twist draws the next 624 words at once.
func (m *mersenne) twist() {
	for i := range m.state {
		y := m.state[i]&0x80000000 | m.state[(i+1)%mtSize]&0x7fffffff
		x := m.state[(i+mtMiddle)%mtSize] ^ y>>1
		if y&1 != 0 {
			x ^= 0x9908b0df
		}
		m.state[i] = x
	}
	m.index = 0
}

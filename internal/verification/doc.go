// Package verification says what tests prove about requirements: which results
// of test runs belong to which tagged tests, which requirements have no test,
// and which tests behind a requirement fail [62304 5.5.2, 5.6.3, 5.7.1, 5.7.4].
//
// It is pure. A result that is bound to no build manifest is unbound: a failing
// one is a finding, a passing one proves nothing yet and is shown as such.
package verification

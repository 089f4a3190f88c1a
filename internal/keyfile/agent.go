package keyfile

import (
	"bytes"
	"encoding/base64"
	"net"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/signature"
)

// agentPatience is how long an agent may take: it may ask its owner.
const agentPatience = 2 * time.Minute

// agentSigner signs with a key that an ssh-agent holds.
type agentSigner struct {
	socket     string
	credential record.Credential
	key        ssh.PublicKey
}

// Agent is a signer by a key that the ssh-agent behind a socket holds.
//
// goldthread:implements SRS-108
func Agent(socket string, c record.Credential) (signature.Signer, error) {
	fingerprint, err := signature.Fingerprint(c)
	if err != nil {
		return nil, fault.New(fault.Invalid, "the public key cannot be used for signing", err)
	}
	if socket == "" {
		return nil, fault.Newf(fault.Unavailable, "no ssh-agent is running that could sign with %s", fingerprint).WithHint("start one (eval $(ssh-agent); ssh-add FILE), or name the private key")
	}
	wire, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(c.Public, c.Kind+" "))
	if err != nil {
		return nil, fault.New(fault.Invalid, "the public key is damaged", err)
	}
	key, err := ssh.ParsePublicKey(wire)
	if err != nil {
		return nil, fault.New(fault.Invalid, "the public key is damaged", err)
	}
	s := &agentSigner{socket, c, key}
	err = s.ask(func(a agent.ExtendedAgent) error {
		keys, err := a.List()
		if err != nil {
			return fault.New(fault.Unavailable, "the ssh-agent does not say which keys it holds", err)
		}
		for _, k := range keys {
			if bytes.Equal(k.Blob, wire) {
				return nil
			}
		}
		return fault.Newf(fault.Denied, "the ssh-agent does not hold the key %s", fingerprint).WithHint("ssh-add FILE; ssh-add -l lists what it holds")
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// ask speaks to the agent.
func (s *agentSigner) ask(what func(agent.ExtendedAgent) error) error {
	conn, err := net.DialTimeout("unix", s.socket, 5*time.Second)
	if err != nil {
		return fault.New(fault.Unavailable, "the ssh-agent cannot be reached", err).WithHint("SSH_AUTH_SOCK names its socket")
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(agentPatience)); err != nil {
		return fault.New(fault.Unavailable, "the ssh-agent cannot be reached", err)
	}
	return what(agent.NewClient(conn))
}

// Credential is the public half.
func (s *agentSigner) Credential() record.Credential { return s.credential }

// Sign has the agent sign. It may ask its owner, who may refuse.
func (s *agentSigner) Sign(message []byte) ([]byte, error) {
	var raw []byte
	err := s.ask(func(a agent.ExtendedAgent) error {
		sig, err := a.Sign(s.key, message)
		if err != nil {
			return fault.New(fault.Denied, "the ssh-agent does not sign", err)
		}
		if sig.Format != signature.KindSSH {
			return fault.Newf(fault.Unavailable, "the ssh-agent has signed as %q", sig.Format)
		}
		raw = sig.Blob
		return nil
	})
	return raw, err
}

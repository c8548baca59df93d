"""Verifies one access token with PyJWT, as a service in another language would.

Reads {"jwks", "token", "issuer", "audience"} as JSON from stdin. Prints the header and the claims as JSON and exits
with 0, or prints the name of what was wrong with the token to stderr and exits with 3.
"""

import json
import sys

import jwt

ALGORITHMS = ("EdDSA", "ES256", "RS256", "PS256", "HS256")
REQUIRED = ["iss", "aud", "sub", "client_id", "iat", "exp", "jti"]


def verify(jwks, token, issuer, audience):
    header = jwt.get_unverified_header(token)
    if header.get("typ", "").lower() != "at+jwt":
        raise jwt.InvalidTokenError("typ")
    members = next((one for one in jwks["keys"] if one["kid"] == header.get("kid")), None)
    if members is None or members["alg"] not in ALGORITHMS:
        raise jwt.InvalidKeyError("kid")
    # The key says which algorithm, never the token.
    claims = jwt.decode(
        token,
        jwt.PyJWK(members, members["alg"]).key,
        algorithms=[members["alg"]],
        issuer=issuer,
        audience=audience,
        options={"require": REQUIRED},
    )
    return {"header": header, "claims": claims}


try:
    print(json.dumps(verify(**json.load(sys.stdin))))
except (jwt.PyJWTError, jwt.PyJWKError) as wrong:
    print(type(wrong).__name__, file=sys.stderr)
    sys.exit(3)

package dev.errand.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Serves the public key of connection tokens as a JSON Web Key Set, to everyone. */
final class JwksServlet extends HttpServlet {

    static final String PATH = "/.well-known/jwks.json";

    private static final long serialVersionUID = 1L;

    private final String jwks;

    JwksServlet(String jwks) {
        this.jwks = jwks;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setContentType("application/jwk-set+json");
        response.setHeader("Cache-Control", "public, max-age=300");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.getOutputStream().write(jwks.getBytes(UTF_8));
    }
}

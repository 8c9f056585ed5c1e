package dev.errand.benchmarks.http;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * The limit of what a servlet can do: it reads a body and writes it back. The response to GET is
 * the body of the last PUT.
 */
final class EchoServlet extends HttpServlet {

    static final String PATH = "/echo";

    private static final long serialVersionUID = 1;

    private volatile byte[] stored = {};

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        write(response, request.getInputStream().readAllBytes());
    }

    @Override
    protected void doPut(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        stored = request.getInputStream().readAllBytes();
        write(response, stored);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        write(response, stored);
    }

    private static void write(HttpServletResponse response, byte[] body) throws IOException {
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}

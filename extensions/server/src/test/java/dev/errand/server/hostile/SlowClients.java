package dev.errand.server.hostile;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/** Connections that send their bodies slowly, and floods of uploads without a valid form. */
final class SlowClients implements Closeable {

    private static final int CONNECTIONS = 250;
    private static final String DRIP =
            "POST %s HTTP/1.1\r\nHost: a\r\n%sContent-Type: %s\r\nContent-Length: 9000\r\n\r\n";
    private static final String FORM = "multipart/form-data; boundary=x";

    private final URI url;
    private final Deque<Socket> open = new ArrayDeque<>();
    private int count;

    SlowClients(URI url) {
        this.url = url;
    }

    /** Opens as many connections as belong to the attack. */
    void start() throws IOException {
        for (int i = 0; i < CONNECTIONS; i++) {
            next();
        }
    }

    /** Opens one more connection and closes the oldest if there are too many. */
    void next() throws IOException {
        Socket socket = new Socket(url.getHost(), url.getPort());
        open.add(socket);
        String request =
                switch (count++ % 5) {
                    case 0 -> DRIP.formatted("/_objects", "", FORM) + "--x\r\n";
                    case 1 -> DRIP.formatted("/_objects", "", FORM) + "x".repeat(8000);
                    case 2 -> json("Authorization: Bearer " + HostileWorld.WRITER + "\r\n");
                    case 3 -> json("Authorization: Bearer unknown\r\n");
                    default -> "GET / HTTP/1.1\r\nHost: ";
                };
        try {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        } catch (IOException closed) {
            // The server need not listen.
            socket.close();
        }
        if (open.size() > CONNECTIONS) {
            open.remove().close();
        }
    }

    private static String json(String headers) {
        return DRIP.formatted("/api/projects/1/tasks/", headers, "application/json") + "{";
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
    }
}

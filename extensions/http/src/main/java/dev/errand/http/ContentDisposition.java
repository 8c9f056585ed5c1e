package dev.errand.http;

/** The {@code Content-Disposition} header of downloads (RFC 6266). */
final class ContentDisposition {

    private ContentDisposition() {}

    /**
     * Returns the header that makes a browser save the file: with an ASCII name, and in addition
     * with the full name if that differs or a browser could take a part of it for an escape.
     */
    static String attachment(String name) {
        StringBuilder plain = new StringBuilder();
        name.codePoints().forEach(point -> plain.append(isPlain(point) ? (char) point : '_'));
        String quoted = "attachment; filename=\"" + plain + '"';
        return name.contentEquals(plain) && name.indexOf('%') < 0
                ? quoted
                // The encoding for URLs leaves the asterisk, which is not allowed here (RFC 8187).
                : quoted + "; filename*=UTF-8''" + PercentEncoding.encode(name).replace("*", "%2A");
    }

    private static boolean isPlain(int point) {
        return point >= ' ' && point <= '~' && point != '"' && point != '\\';
    }
}

package dev.errand.http;

/** The {@code Content-Disposition} header of downloads. */
final class ContentDisposition {

    private ContentDisposition() {}

    /**
     * Returns the header that makes a browser save the file: with an ASCII name, and with the full
     * name in addition if that differs.
     */
    static String attachment(String name) {
        StringBuilder plain = new StringBuilder();
        name.codePoints().forEach(point -> plain.append(isPlain(point) ? (char) point : '_'));
        String quoted = "attachment; filename=\"" + plain + '"';
        return name.contentEquals(plain)
                ? quoted
                : quoted + "; filename*=UTF-8''" + PercentEncoding.encode(name);
    }

    private static boolean isPlain(int point) {
        return point >= ' ' && point <= '~' && point != '"' && point != '\\';
    }
}

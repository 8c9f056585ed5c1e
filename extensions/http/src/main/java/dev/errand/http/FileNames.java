package dev.errand.http;

/** The names of files in headers. */
final class FileNames {

    private FileNames() {}

    /**
     * The {@code Content-Disposition} that makes a browser save and not show: the name in letters
     * that every browser reads, and where those do not do, the whole name besides.
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

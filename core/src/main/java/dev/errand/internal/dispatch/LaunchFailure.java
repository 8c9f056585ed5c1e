package dev.errand.internal.dispatch;

import dev.errand.spi.dispatch.DispatchState;
import dev.errand.spi.run.EndReason;
import java.time.Duration;

/**
 * The words of launches that fail: what a run remembers of each, and what its error message says
 * when nobody tries again (contract G6).
 */
public final class LaunchFailure {

    private static final String PREFIX = "Failed to start task workflow: ";
    private static final String TOO_SLOW = "the launcher did not answer within ";
    private static final int MAX_LENGTH = 2_000;

    private LaunchFailure() {}

    /** What a launcher threw, fit for an error message. */
    public static String thrown(Throwable failure) {
        String text = failure.getMessage();
        return text == null || text.isBlank() ? failure.getClass().getSimpleName() : clean(text);
    }

    /** A launch that did not come back in time. */
    public static String tooSlow(Duration limit) {
        return TOO_SLOW + Spans.inWords(limit);
    }

    /** What a launcher gave instead of a name. */
    public static String noHandle() {
        return "the launcher gave no name for the sandbox";
    }

    /** The error message of a run whose launches failed, the last one for this cause. */
    public static String message(String cause) {
        return PREFIX + cause;
    }

    /** The error message of a run that nobody had room for. */
    public static String expired(Duration limit) {
        return message("it waited in the queue for more than " + Spans.inWords(limit));
    }

    /** The typed reason beside that message. */
    public static EndReason reason(DispatchState dispatch) {
        boolean tooSlow = dispatch.lastFailure().filter(it -> it.startsWith(TOO_SLOW)).isPresent();
        return tooSlow ? EndReason.LAUNCH_TIMEOUT : EndReason.LAUNCH_FAILED;
    }

    /** Foreign text without what no database and no terminal should be shown, and bounded. */
    public static String clean(String text) {
        StringBuilder clean = new StringBuilder(Math.min(text.length(), MAX_LENGTH));
        text.codePoints()
                .limit(MAX_LENGTH)
                .map(it -> Character.isISOControl(it) && it != '\n' && it != '\t' ? '\uFFFD' : it)
                .map(it -> it >= 0xD800 && it <= 0xDFFF ? '\uFFFD' : it)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }
}

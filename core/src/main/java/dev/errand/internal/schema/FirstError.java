package dev.errand.internal.schema;

import com.networknt.schema.Error;
import com.networknt.schema.FailFastAssertionException;
import java.util.AbstractList;
import java.util.List;

/**
 * A list that keeps only its first error. The library collects the errors of all alternatives, such
 * as those of {@code anyOf}, so a complete list could become as long as the budget allows.
 */
final class FirstError extends AbstractList<Error> {

    private final SchemaBudget budget;
    final List<Error> errors;

    FirstError(SchemaBudget budget, List<Error> errors) {
        this.budget = budget;
        this.errors = errors;
    }

    /** Ends the validation, unless the error is that of an alternative and another may succeed. */
    @Override
    public boolean add(Error error) {
        if (errors.isEmpty()) {
            errors.add(error);
        }
        if (budget.isFailFast()) {
            throw new FailFastAssertionException(error);
        }
        return true;
    }

    @Override
    public void clear() {
        errors.clear();
    }

    @Override
    public Error get(int index) {
        return errors.get(index);
    }

    @Override
    public int size() {
        return errors.size();
    }
}

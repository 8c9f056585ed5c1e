package dev.errand.internal.schema;

import com.networknt.schema.Error;
import com.networknt.schema.FailFastAssertionException;
import java.util.AbstractList;
import java.util.List;

/**
 * A list that keeps its first error only, since the library collects the errors of all
 * alternatives, which may be as many as there are steps.
 */
final class FirstError extends AbstractList<Error> {

    private final SchemaBudget budget;
    final List<Error> errors;

    FirstError(SchemaBudget budget, List<Error> errors) {
        this.budget = budget;
        this.errors = errors;
    }

    /** Ends the validation if the error is not that of an alternative. */
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

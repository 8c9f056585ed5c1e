/** {@linkplain dev.errand.spring.transactions.SpringTransactions Transactions} of Spring. */
@NullMarked
package dev.errand.spring.transactions;

import org.jspecify.annotations.NullMarked;

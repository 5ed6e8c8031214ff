#ifndef CLIENT_MUTANT_OAUTH_H
#define CLIENT_MUTANT_OAUTH_H

/* The mistakes of mutant.h that have to do with OAuth and with redirects, as
 * hooks (client/hook.h); the table that names them is mutant.c's. */

#include "client/hook.h"

bool mutant_basic_with_oauth(struct request *request,
                             struct outcome *outcome);
void mutant_know_sending(struct ingest_config *config,
                         struct retry_policy  *policy);
bool mutant_follow_redirects(struct request *request,
                             struct outcome *outcome);
void mutant_drop_511(const struct request *request, struct outcome *outcome);

bool mutant_keep_token(int status);
bool mutant_keep_token_but_511(int status);

void mutant_wrong_grant(struct request *request);
void mutant_alter_assertion(struct request *request);
void mutant_retry_refusal(struct outcome *outcome);
void mutant_give_up_token(struct outcome *outcome);
void mutant_ignore_token_wait(struct outcome *outcome);
void mutant_token_for_ever(struct outcome *outcome);

bool mutant_never_reuse(void);
bool mutant_own_token(void);

#endif

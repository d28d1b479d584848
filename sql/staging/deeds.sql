-- grain: a mode that names another deed than its neighbours of the same type
-- why: a call is no meeting and an arrest no curfew, but what one outlet calls a riot is the demonstration of another
-- made: view
select event_type, mode, deed,
from (
    values
        ('ASSAULT', 'abduct', 'abduction'), ('ASSAULT', 'sexual', 'rape'), ('ASSAULT', 'torture', 'torture'),
        ('ASSAULT', 'aerial', 'violence'), ('ASSAULT', 'assassinate', 'violence'), ('ASSAULT', 'beat', 'violence'),
        ('ASSAULT', 'cleansing', 'violence'), ('ASSAULT', 'crowd-control', 'violence'), ('ASSAULT', 'destroy', 'violence'),
        ('ASSAULT', 'drone', 'violence'), ('ASSAULT', 'execute', 'violence'), ('ASSAULT', 'explosives', 'violence'),
        ('ASSAULT', 'firearms', 'violence'), ('ASSAULT', 'heavy-weapons', 'violence'), ('ASSAULT', 'massacre', 'violence'),
        ('ASSAULT', 'primitive', 'violence'), ('ASSAULT', 'suicide-attack', 'violence'), ('ASSAULT', 'unconventional', 'violence'),
        ('COERCE', 'arrest', 'arrest'), ('COERCE', 'deport', 'deportation'), ('COERCE', 'cyber', 'intrusion'),
        ('COERCE', 'seize', 'seizure'), ('COERCE', 'misinformation', 'misinformation'),
        ('COERCE', 'ban', 'restriction'), ('COERCE', 'censor', 'restriction'), ('COERCE', 'curfew', 'restriction'),
        ('COERCE', 'martial-law', 'restriction'), ('COERCE', 'restrict', 'restriction'), ('COERCE', 'withhold', 'restriction'),
        ('CONSULT', 'phone', 'call'),
        ('CONSULT', 'multilateral', 'meeting'), ('CONSULT', 'third-party', 'meeting'), ('CONSULT', 'visit', 'meeting'),
        ('PROTEST', 'boycott', 'boycott'), ('PROTEST', 'hunger', 'hunger strike'), ('PROTEST', 'strike', 'strike'),
        ('PROTEST', 'demo', 'crowd'), ('PROTEST', 'obstruct', 'crowd'), ('PROTEST', 'riot', 'crowd'),
        ('RETREAT', 'ceasefire', 'ceasefire'), ('RETREAT', 'release', 'release'), ('RETREAT', 'resign', 'resignation'),
        ('RETREAT', 'access', 'withdrawal'), ('RETREAT', 'disarm', 'withdrawal'), ('RETREAT', 'return', 'withdrawal'),
        ('RETREAT', 'withdraw', 'withdrawal'),
        ('SANCTION', 'convict', 'conviction'), ('SANCTION', 'expel', 'expulsion'),
        ('SANCTION', 'discontinue', 'break'), ('SANCTION', 'withdraw', 'break')
) as deeds (event_type, mode, deed)
